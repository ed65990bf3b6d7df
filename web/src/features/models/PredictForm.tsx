import { useDeferredValue, useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount, formatNumber } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { ComboBox } from '../../ui/ComboBox';
import { TextInput } from '../../ui/Field';
import { Answer } from './Answer';
import { byImportance, refuseValue, slideOf, toRow, typicalValues, type PredictInput, type TypedValues } from './predictRow';
import { ContributionsCard } from './ContributionsCard';
import { CopyAs } from './CopyAs';

const PredictFormModel = graphql(`
  fragment PredictForm_model on Model {
    id
    target
    problem
    inputs {
      name
      kind
      min
      max
      examples
      typical
    }
    evaluation {
      coverage {
        level
      }
      importance {
        column
        importance
      }
    }
  }
`);

const FIRST = 12;

/** A field for each column that the model takes, the most important first. */
export function PredictForm({ model: masked }: { model: FragmentType<typeof PredictFormModel> }) {
  const model = readFragment(PredictFormModel, masked);
  const inputs = byImportance(model.inputs, model.evaluation.importance);
  const [typed, setTyped] = useState<TypedValues>(() => typicalValues(model.inputs));
  const [all, setAll] = useState(false);
  const [level, setLevel] = useState<number | null>(null);
  const settled = useDeferredValue(typed);
  const row = toRow(model.inputs, settled);
  const shown = all ? inputs : inputs.slice(0, FIRST);
  const change = (name: string, text: string) => setTyped((before) => ({ ...before, [name]: text }));
  return (
    <div className="grid items-start gap-6 grid-cols-1 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] lg:grid-rows-[auto_auto_1fr]">
      <Card
        className="lg:row-span-3"
        title="What is known"
        note="Filled in with typical values."
        actions={
          <div className="flex flex-wrap gap-2">
            <Button size="small" onClick={() => setTyped(typicalValues(model.inputs))}>
              Typical values
            </Button>
            <Button size="small" onClick={() => setTyped({})}>
              Clear all
            </Button>
          </div>
        }
      >
        <div className="grid gap-5 sm:grid-cols-2">
          {shown.map((input) => (
            <InputField key={input.name} input={input} text={typed[input.name] ?? ''} onText={(text) => change(input.name, text)} />
          ))}
        </div>
        {inputs.length > FIRST ? (
          <div className="mt-5">
            <Button size="small" onClick={() => setAll(!all)}>
              {all ? `Only the ${FIRST} most important` : `All ${formatCount(inputs.length)} columns`}
            </Button>
          </div>
        ) : null}
      </Card>
      {/* Above the form where there is one column, so that it is seen at once; nothing in it takes the focus. */}
      <div className="order-first lg:sticky lg:top-6 lg:order-none">
        <Answer modelId={model.id} target={model.target} row={row} levels={model.evaluation.coverage.map((one) => one.level)} level={level} onLevel={setLevel} />
      </div>
      <ContributionsCard modelId={model.id} target={model.target} row={row} />
      {row ? <CopyAs modelId={model.id} row={row} /> : null}
    </div>
  );
}

function InputField({ input, text, onText }: { input: PredictInput; text: string; onText: (text: string) => void }) {
  if (input.kind === 'TEXT') {
    return (
      <ComboBox
        label={input.name}
        freeText
        placeholder="not known"
        options={input.examples.map((example) => ({ id: example, text: example }))}
        text={text}
        onText={onText}
      />
    );
  }
  const seen = input.min !== null && input.max !== null ? `Seen in training: ${formatNumber(input.min)} to ${formatNumber(input.max)}` : null;
  const slide = slideOf(input, text);
  return (
    <div>
      <TextInput
        label={input.name}
        hint={seen}
        inputMode="decimal"
        placeholder="not known"
        autoComplete="off"
        error={refuseValue(input, text)}
        value={text}
        onChange={(event) => onText(event.target.value)}
      />
      {slide ? (
        <input
          type="range"
          aria-label={`${input.name}, within what training has seen`}
          min={slide.min}
          max={slide.max}
          step={slide.step}
          value={slide.value}
          onChange={(event) => onText(event.target.value)}
          className="mt-1 h-6 w-full cursor-pointer accent-accent"
        />
      ) : null}
    </div>
  );
}
