import { ChevronDown } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import { ComboBox as AriaComboBox } from 'react-aria-components/ComboBox';
import { FieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import { Text } from 'react-aria-components/Text';

type Option = { id: string; text: string; note?: string };

type ComboBoxProps = {
  label: string;
  hint?: ReactNode;
  /** What is wrong with what stands there. */
  error?: string | null;
  placeholder?: string;
  options: readonly Option[];
  /** Whether words that are on no list may stand. */
  freeText?: boolean;
  /** The text in the box, kept by the caller. */
  text: string;
  onText: (text: string) => void;
  onChoose?: (id: string) => void;
};

// Typing narrows; nobody scrolls through more.
const MOST_SHOWN = 100;

/** A box to type in, with a list that narrows while typing. */
export function ComboBox({ label, hint, error, placeholder, options, freeText = false, text, onText, onChoose }: ComboBoxProps) {
  const wanted = text.trim().toLowerCase();
  // The text with which the list was opened narrows nothing: who opens it wants to see the choices.
  const [textAtOpen, setTextAtOpen] = useState<string | null>(null);
  const shown = wanted === '' || text === textAtOpen ? options : matching(options, wanted);
  // The chosen one is always on the list: without it, leaving the box would empty it.
  const current = options.find((option) => option.text === text);
  const first = shown.slice(0, MOST_SHOWN);
  const items = current && !first.includes(current) ? [current, ...first] : first;
  return (
    <AriaComboBox
      allowsCustomValue={freeText}
      allowsEmptyCollection
      // What stands there from the beginning is chosen; else leaving the box would empty it.
      defaultSelectedKey={freeText ? undefined : current?.id}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      menuTrigger="focus"
      inputValue={text}
      onInputChange={onText}
      onOpenChange={(isOpen, trigger) => setTextAtOpen(isOpen && trigger !== 'input' ? text : null)}
      items={items}
      onSelectionChange={(key) => {
        const option = options.find((one) => one.id === key);
        if (!option) return;
        onText(option.text);
        onChoose?.(option.id);
      }}
      className="min-w-0"
    >
      <Label className="mb-1 block font-medium wrap-anywhere">{label}</Label>
      <div className="relative">
        <Input placeholder={placeholder} className="w-full min-h-10 rounded-lg border border-edge bg-panel pr-10 pl-3 text-ink placeholder:text-muted aria-invalid:border-bad" />
        <Button className="absolute inset-y-0 right-0 grid w-10 place-items-center rounded-r-lg text-muted">
          <ChevronDown aria-hidden className="size-4" />
        </Button>
      </div>
      <FieldError className="mt-1 block text-xs text-bad">{error}</FieldError>
      {hint ? (
        <Text slot="description" className="mt-1 block text-xs text-muted">
          {hint}
        </Text>
      ) : null}
      <Popover className="w-(--trigger-width) rounded-lg border border-line bg-panel shadow-lg">
        <ListBox<Option> className="max-h-72 overflow-auto p-1 outline-none" renderEmptyState={() => <p className="px-3 py-2 text-muted">Nothing matches.</p>}>
          {(option) => (
            <ListBoxItem
              id={option.id}
              textValue={option.text}
              className="flex cursor-default items-baseline justify-between gap-3 rounded-md px-3 py-1.5 outline-none selected:font-semibold focus:bg-accent-soft"
            >
              <span className="truncate">{option.text}</span>
              {option.note ? <span className="shrink-0 text-xs text-muted">{option.note}</span> : null}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaComboBox>
  );
}

/** Options with the words in them, those that begin with them first. */
function matching(options: readonly Option[], wanted: string): readonly Option[] {
  const first: Option[] = [];
  const rest: Option[] = [];
  for (const option of options) {
    const place = option.text.toLowerCase().indexOf(wanted);
    if (place === 0) first.push(option);
    else if (place > 0) rest.push(option);
  }
  return [...first, ...rest];
}
