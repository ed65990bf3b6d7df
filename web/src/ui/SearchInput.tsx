import { useEffect, useRef, useState } from 'react';
import { TextInput } from './Field';

/** How long typing rests before it is searched for. */
const REST_MILLISECONDS = 250;

type SearchInputProps = { label: string; placeholder: string; value: string; onSettled: (text: string) => void };

/** A text that is passed on when typing rests. A new value from outside (back, “Show all”) replaces what stands there. */
export function SearchInput({ label, placeholder, value, onSettled }: SearchInputProps) {
  const [text, setText] = useState(value);
  const [outside, setOutside] = useState(value);
  if (outside !== value) {
    setOutside(value);
    if (text.trim() !== value.trim()) setText(value);
  }
  const settled = useRef(onSettled);
  useEffect(() => {
    settled.current = onSettled;
  });
  useEffect(() => {
    if (text.trim() === value.trim()) return;
    const timer = setTimeout(() => settled.current(text.trim()), REST_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [text, value]);
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
