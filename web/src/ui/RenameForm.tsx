import { useEffect, useRef, useState } from 'react';
import { Button } from './Button';
import { TextInput } from './Field';

type RenameFormProps = {
  label: string;
  name: string;
  longest?: number;
  /** What speaks against the name, or null when it is the new one. */
  onSave: (name: string) => Promise<string | null>;
  onDone: () => void;
};

/** A name that is changed where it stands: Enter keeps, Escape leaves it as it was. */
export function RenameForm({ label, name, longest = 200, onSave, onDone }: RenameFormProps) {
  const [text, setText] = useState(name);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector('input')?.select();
  }, []);
  const save = async () => {
    const wanted = text.trim();
    if (wanted === '') {
      setRefusal('The name has no characters; give it some.');
      return;
    }
    if (wanted === name) {
      onDone();
      return;
    }
    setBusy(true);
    const refused = await onSave(wanted);
    setBusy(false);
    setRefusal(refused);
    if (refused === null) onDone();
  };
  return (
    <form
      ref={form}
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className="w-100 max-w-full grow">
        <TextInput
          label={label}
          value={text}
          maxLength={longest}
          error={refusal}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onDone();
          }}
        />
      </div>
      <Button type="submit" look="primary" busy={busy}>
        Keep
      </Button>
      <Button onClick={onDone}>Cancel</Button>
    </form>
  );
}
