import type { ProblemType } from '../../gql/graphql';
import { DEFAULT_METRIC, METRICS, metricsFor } from '../../lib/metrics';
import { PROBLEMS } from '../../lib/words';
import { Card } from '../../ui/Card';
import { SelectInput } from '../../ui/Field';
import type { Refusals } from './jobChecks';
import { withProblem, type JobDraft } from './jobDraft';

type GoalCardProps = {
  draft: JobDraft;
  /** What the server would take the problem for, and why. */
  advised: ProblemType;
  reason: string | undefined;
  refusals: Refusals;
  onDraft: (draft: JobDraft) => void;
};

/** What is asked, and what counts as a good answer. */
export function GoalCard({ draft, advised, reason, refusals, onDraft }: GoalCardProps) {
  const problem = draft.problem === 'AUTO' ? advised : draft.problem;
  const metric = draft.metric === 'AUTO' ? DEFAULT_METRIC[problem] : draft.metric;
  return (
    <Card title="Problem and goal" note={reason}>
      <div className="grid gap-5 sm:grid-cols-2">
        <SelectInput
          label="Kind of problem"
          hint={PROBLEMS[problem].meaning}
          error={refusals.problem}
          value={draft.problem}
          onChange={(event) => onDraft(withProblem(draft, event.target.value as JobDraft['problem'], advised))}
        >
          <option value="AUTO">Automatic: {PROBLEMS[advised].name}</option>
          {(Object.keys(PROBLEMS) as ProblemType[]).map((one) => (
            <option key={one} value={one}>
              {PROBLEMS[one].name}
            </option>
          ))}
        </SelectInput>
        <SelectInput
          label="What counts as good"
          hint={METRICS[metric].meaning}
          error={refusals.metric}
          value={draft.metric}
          onChange={(event) => onDraft({ ...draft, metric: event.target.value as JobDraft['metric'] })}
        >
          <option value="AUTO">Automatic: {METRICS[DEFAULT_METRIC[problem]].name}</option>
          {metricsFor(problem).map((one) => (
            <option key={one} value={one}>
              {METRICS[one].name}
            </option>
          ))}
        </SelectInput>
      </div>
    </Card>
  );
}
