import { formatEvenPercent, formatNumber, formatPercent } from '../../lib/format';
import { Card } from '../../ui/Card';
import { SignedBarList } from '../../ui/charts/SignedBarList';
import { Loading } from '../../ui/Loading';
import type { Row } from './predictRow';
import { useAnswer } from './useAnswer';

/** Dearer than the answer, so asked for less eagerly. */
const PAUSE_MS = 600;
const FIRST = 10;

/** Why the answer is what it is: what each column adds to the average answer. */
export function ContributionsCard({ modelId, target, row }: { modelId: string; target: string; row: Row | null }) {
  const { outcome, stale } = useAnswer(modelId, row, { contributions: true }, PAUSE_MS);
  const contributions = outcome.prediction?.contributions ?? null;
  if (outcome.failure !== null) {
    return (
      <Card title="Why this answer">
        <p className="text-muted">{outcome.failure}</p>
      </Card>
    );
  }
  if (!contributions) {
    if (outcome.prediction) return null;
    return <Card title="Why this answer">{row === null ? <p className="text-muted">There is no answer yet.</p> : <Loading label="Asking what the columns add" lines={4} />}</Card>;
  }
  const isShare = contributions.label !== null;
  // Of a probability hundredths of a percent are noise.
  const format = (value: number) => (isShare ? formatEvenPercent(value) : formatNumber(value));
  const signed = (value: number) => {
    if (isShare && value !== 0 && Math.abs(value) < 0.0005) return formatPercent(Math.abs(value));
    return `${value > 0 ? '+' : value < 0 ? '−' : ''}${format(Math.abs(value))}`;
  };
  const total = contributions.columns.reduce((sum, one) => sum + one.value, contributions.base);
  const shown = contributions.columns.slice(0, FIRST);
  const rest = contributions.columns.slice(FIRST);
  const restSum = rest.reduce((sum, one) => sum + one.value, 0);
  const answer = (value: number) => (isShare ? formatPercent(value) : formatNumber(value));
  const moves = contributions.columns.some((one) => one.value !== 0);
  return (
    <Card
      title="Why this answer"
      note={
        moves
          ? `Where nothing is known of a row, the model starts from ${answer(contributions.base)} for ${contributions.label ?? target}; what each column adds makes it ${answer(total)}.`
          : 'Nothing moves it from where the model starts: this row is the typical one. Change a value to see what it adds.'
      }
    >
      <div className={`transition-opacity ${stale ? 'opacity-85' : ''}`}>
        <SignedBarList
          label="What each column adds to the answer"
          bars={[
            ...shown.map((one) => ({ key: one.column, name: one.column, value: one.value, text: signed(one.value) })),
            ...(rest.length > 0 ? [{ key: ' rest', name: `${rest.length} other columns together`, value: restSum, text: signed(restSum) }] : []),
          ]}
          data={{
            name: 'Contributions to this answer',
            columns: ['column', 'contribution'],
            rows: [['(nothing known)', contributions.base], ...contributions.columns.map((one): [string, number] => [one.column, one.value])],
          }}
        />
      </div>
    </Card>
  );
}
