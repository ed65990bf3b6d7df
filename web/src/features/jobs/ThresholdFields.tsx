import type { ProblemType, ThresholdGoal } from '../../gql/graphql';
import { SelectInput, TextInput } from '../../ui/Field';
import { PROBLEMS } from '../../lib/words';
import type { Refusals } from './jobChecks';
import { needsShare, type JobDraft } from './jobDraft';
import { THRESHOLDS } from './settingsWords';

type ThresholdFieldsProps = { draft: JobDraft; problem: ProblemType; refusals: Refusals; onChange: (part: Partial<JobDraft>) => void };

/** What the answer between two classes is decided for. */
export function ThresholdFields({ draft, problem, refusals, onChange }: ThresholdFieldsProps) {
  const goal = draft.threshold;
  const fits = problem === 'BINARY';
  return (
    <>
      <p className="max-w-prose text-muted">
        A model gives each class a probability, and usually answers with the likelier one. Where missing one class is worse than a false alarm, or the other way round, another probability should
        decide. It is chosen on rows that the models did not learn from. The second class is the later one in the order of numbers or letters, for example “yes” of “no” and “yes”.
      </p>
      <div className="grid gap-5 sm:grid-cols-2">
        <SelectInput
          label="Decide for"
          hint={fits ? (goal === 'AUTO' ? 'The likelier class is the answer.' : THRESHOLDS[goal].meaning) : `This is for two classes; the problem here is ${PROBLEMS[problem].name.toLowerCase()}.`}
          error={refusals.threshold && !needsShare(goal) ? refusals.threshold : null}
          disabled={!fits}
          value={goal}
          onChange={(event) => onChange({ threshold: event.target.value as JobDraft['threshold'] })}
        >
          <option value="AUTO">The likelier class</option>
          {(Object.keys(THRESHOLDS) as ThresholdGoal[]).map((one) => (
            <option key={one} value={one}>
              {THRESHOLDS[one].name}
            </option>
          ))}
        </SelectInput>
        {needsShare(goal) ? (
          <TextInput
            label={goal === 'RECALL' ? 'Found at least, in per cent' : 'Right at least, in per cent'}
            inputMode="decimal"
            hint={goal === 'RECALL' ? 'Of all rows of the second class. Of 100 per cent, everything may be called it.' : 'Of the rows that are called the second class.'}
            error={refusals.threshold}
            value={draft.atLeast}
            onChange={(event) => onChange({ atLeast: event.target.value })}
          />
        ) : null}
      </div>
    </>
  );
}
