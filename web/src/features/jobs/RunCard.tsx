import { Play } from 'lucide-react';
import type { CreateJobInput, ProblemType } from '../../gql/graphql';
import { formatCounted, formatDuration } from '../../lib/format';
import { DEFAULT_METRIC, METRICS } from '../../lib/metrics';
import { PROBLEMS } from '../../lib/words';
import { Button } from '../../ui/Button';
import { Callout } from '../../ui/Callout';
import { Card } from '../../ui/Card';
import type { Forecast } from './forecast';
import { ForecastLine } from './ForecastLine';
import type { FieldName, Refusals } from './jobChecks';
import { runSentences } from './settingsWords';

/** What the fields are called on the page. */
const FIELDS: Record<FieldName, string> = {
  name: 'Name',
  problem: 'Kind of problem',
  metric: 'What counts as good',
  budgetSeconds: 'Time budget',
  seed: 'Seed',
  exclude: 'Columns',
  roles: 'Columns',
  validation: 'Which rows judge',
  weightColumn: 'Weight of rows',
  threshold: 'Decide for',
  monotone: 'Rising and falling',
  maxLatencyMilliseconds: 'Time for an answer',
};

type RunCardProps = {
  input: CreateJobInput;
  problem: ProblemType;
  rows: number;
  used: number;
  forecast: Forecast | null;
  refusals: Refusals;
  failure: string | null;
  canStart: boolean;
  isStarting: boolean;
};

/** Everything that was chosen in one paragraph, what it will take, and the button. */
export function RunCard({ input, problem, rows, used, forecast, refusals, failure, canStart, isStarting }: RunCardProps) {
  const metric = input.metric ?? DEFAULT_METRIC[problem];
  // What cannot be so is not told as if it were.
  const agreed: Partial<CreateJobInput> = Object.fromEntries(Object.entries(input).filter(([field]) => !Object.hasOwn(refusals, field)));
  const wrong = Object.entries(refusals) as [FieldName, string][];
  return (
    <Card title="What will run">
      <p className="max-w-prose">
        {PROBLEMS[problem].name} of <strong className="font-semibold break-all">{input.target}</strong> from {formatCounted(used, 'column')} of {formatCounted(rows, 'row')}, judged by{' '}
        {METRICS[metric].name}, done within {formatDuration(input.budgetSeconds ?? 0)}. Part of the rows is set aside first; the final score comes from those alone.
      </p>
      {runSentences(agreed).map((sentence) => (
        <p key={sentence} className="mt-1 max-w-prose break-words">
          {sentence}
        </p>
      ))}
      {forecast ? <ForecastLine forecast={forecast} /> : null}
      {wrong.length > 0 ? (
        <div className="mt-4" role="status">
          <Callout tone="warn" title="Before it can start">
            <ul className="list-disc pl-5">
              {wrong.map(([field, message]) => (
                <li key={field}>
                  {FIELDS[field]}: {message}
                </li>
              ))}
            </ul>
          </Callout>
        </div>
      ) : null}
      {failure !== null ? (
        <div className="mt-4">
          <Callout tone="bad" title="The job was not started">
            <p>{failure}</p>
          </Callout>
        </div>
      ) : null}
      <div className="mt-5">
        <Button type="submit" look="primary" size="large" busy={isStarting} disabled={!canStart}>
          <Play aria-hidden className="size-4" />
          Start training
        </Button>
      </div>
    </Card>
  );
}
