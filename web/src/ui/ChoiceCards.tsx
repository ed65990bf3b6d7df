import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';

type Choice<Value extends string> = { value: Value; name: string; note: string; mark?: string };
type ChoiceCardsProps<Value extends string> = {
  label: string;
  choices: readonly Choice<Value>[];
  value: Value;
  onChange: (value: Value) => void;
};

/** One of a few, each with a line that says what it means. */
export function ChoiceCards<Value extends string>({ label, choices, value, onChange }: ChoiceCardsProps<Value>) {
  return (
    <RadioGroup value={value} onChange={(chosen) => onChange(chosen as Value)}>
      <Label className="mb-2 block font-medium">{label}</Label>
      <div className="grid gap-3 sm:grid-cols-[repeat(auto-fit,minmax(11rem,1fr))]">
        {choices.map((choice) => (
          <Radio
            key={choice.value}
            value={choice.value}
            className="rounded-xl border border-line p-3 transition-colors hover:border-edge selected:border-accent selected:bg-accent-soft focus-visible:outline-2 focus-visible:outline-offset-2 focus-visible:outline-accent"
          >
            <span className="flex items-center justify-between gap-2">
              <span className="font-medium">{choice.name}</span>
              {choice.mark ? <span className="text-xs text-muted">{choice.mark}</span> : null}
            </span>
            <span className="mt-1 block text-xs text-muted">{choice.note}</span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
