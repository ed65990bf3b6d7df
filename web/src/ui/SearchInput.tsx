import { useState } from 'react';
import { TextInput } from './Field';
import { useSettled } from './useSettled';

type SearchInputProps = { label: string; placeholder: string; value: string; onSettled: (text: string) => void };

/** A text that is passed on when typing rests. A new value from outside (back, “Show all”) replaces what stands there. */
export function SearchInput({ label, placeholder, value, onSettled }: SearchInputProps) {
  const [text, setText] = useState(value);
  const [outside, setOutside] = useState(value);
  if (outside !== value) {
    setOutside(value);
    if (text.trim() !== value.trim()) setText(value);
  }
  useSettled(text.trim(), value.trim(), onSettled);
  return (
    <TextInput
      label={label}
      type="search"
      maxLength={200}
      placeholder={placeholder}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}
