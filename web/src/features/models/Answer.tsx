import { formatNumber, formatPercent } from '../../lib/format';
import { Callout } from '../../ui/Callout';
import { Card } from '../../ui/Card';
import { BarList } from '../../ui/charts/BarList';
import { Loading } from '../../ui/Loading';
import { Select } from '../../ui/Select';
import type { Row } from './predictRow';
import { useAnswer, type Prediction } from './useAnswer';

/** Typing pauses of this length send the question. */
const PAUSE_MS = 250;

type AnswerProps = {
  modelId: string;
  target: string;
  row: Row | null;
  /** Shares of new rows that intervals (of classes: sets) can be made for. */
  levels: readonly number[];
  /** The chosen one of them; null: none. */
  level: number | null;
  onLevel: (level: number | null) => void;
};

/** What the model says to the row as it stands, and how sure it is. */
export function Answer({ modelId, target, row, levels, level, onLevel }: AnswerProps) {
  const { outcome, stale } = useAnswer(modelId, row, level === null ? {} : { interval: level }, PAUSE_MS);
  const { prediction, failure, microseconds } = outcome;
  return (
    <Card title={target} actions={levels.length > 0 ? <LevelChoice levels={levels} level={level} onLevel={onLevel} /> : undefined}>
      <div aria-live="polite" aria-busy={stale} className={`min-h-40 space-y-4 transition-opacity ${stale ? 'opacity-85' : ''}`}>
        {row === null ? <Callout tone="warn">A field holds no number. The answer follows once it is mended.</Callout> : null}
        {failure !== null ? (
          <Callout tone="bad" title="No answer">
            <p>{failure}</p>
          </Callout>
        ) : null}
        {prediction ? <Said prediction={prediction} level={level} /> : failure === null && row !== null ? <Loading label="Asking the model" lines={3} /> : null}
        {microseconds !== null && failure === null ? <p className="tabular text-xs text-muted">Computed in {formatMicroseconds(microseconds)}.</p> : null}
      </div>
    </Card>
  );
}

function LevelChoice({ levels, level, onLevel }: Pick<AnswerProps, 'levels' | 'level' | 'onLevel'>) {
  return (
    <Select
      aria-label="How sure the range shall be"
      value={level ?? ''}
      onChange={(event) => onLevel(event.target.value === '' ? null : Number(event.target.value))}
      size="small"
    >
      <option value="">No range</option>
      {levels.map((one) => (
        <option key={one} value={one}>
          {formatPercent(one)} sure
        </option>
      ))}
    </Select>
  );
}

function Said({ prediction, level }: { prediction: Prediction; level: number | null }) {
  const probabilities = [...(prediction.probabilities ?? [])].sort((left, right) => right.probability - left.probability);
  return (
    <>
      <p className="text-4xl font-semibold tracking-tight break-words" data-testid="answer">
        {prediction.label ?? (prediction.value !== null ? formatNumber(prediction.value) : 'no answer')}
        {prediction.probability !== null ? <span className="ml-3 text-lg font-normal text-muted">{formatPercent(prediction.probability)} sure</span> : null}
      </p>
      {level !== null && prediction.interval ? (
        <p className="tabular">
          Between <strong className="font-semibold">{formatNumber(prediction.interval.low)}</strong> and{' '}
          <strong className="font-semibold">{formatNumber(prediction.interval.high)}</strong>, for {formatPercent(level)} of rows like those of the training.
        </p>
      ) : null}
      {level !== null && prediction.labelSet ? <SetOfClasses labels={prediction.labelSet} level={level} /> : null}
      {probabilities.length > 0 ? (
        <BarList
          label="Probability of each class"
          full={1}
          bars={probabilities.slice(0, 12).map((one) => ({ key: one.label, name: one.label, value: one.probability, text: formatPercent(one.probability) }))}
        />
      ) : null}
      {prediction.warnings.length > 0 ? (
        <Callout tone="warn" title="Take this answer with care">
          <ul className="list-disc pl-5">
            {prediction.warnings.map((warning) => (
              <li key={`${warning.kind} ${warning.column}`}>{warning.message}</li>
            ))}
          </ul>
        </Callout>
      ) : null}
    </>
  );
}

function SetOfClasses({ labels, level }: { labels: readonly string[]; level: number }) {
  return (
    <p>
      {labels.length === 1 ? 'Only ' : 'One of '}
      <strong className="font-semibold break-words">{labels.join(', ')}</strong>, for {formatPercent(level)} of rows like those of the training.
    </p>
  );
}

function formatMicroseconds(microseconds: number): string {
  return microseconds < 1000 ? `${microseconds} µs` : `${(microseconds / 1000).toFixed(1)} ms`;
}
