import { useMutation } from '@apollo/client/react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import type { ProblemType } from '../../gql/graphql';
import { describeFailure } from '../../lib/failure';
import { newRequestKey } from '../../lib/requestKey';
import { PRESETS } from '../../lib/words';
import { Card } from '../../ui/Card';
import { ChoiceCards } from '../../ui/ChoiceCards';
import { readOverrides, writeOverrides } from '../datasets/overrides';
import { AdvancedFields } from './AdvancedFields';
import { BudgetField } from './BudgetField';
import { GoalCard } from './GoalCard';
import { byField, isFeature, refusalsOf, type Refusals } from './jobChecks';
import { emptyDraft, overridesOf, toInput, type JobDraft } from './jobDraft';
import { RunCard } from './RunCard';
import { useEstimate } from './useEstimate';

const ConfigureFormDataset = graphql(`
  fragment ConfigureForm_dataset on Dataset {
    id
    profile {
      rows
      columns {
        name
        role
        valueKind
        missing
        distinct
      }
    }
  }
`);

const CreateJob = graphql(`
  mutation CreateJob($input: CreateJobInput!) {
    createJob(input: $input) {
      job {
        id
        name
        state
        version
      }
      userErrors {
        message
        field
      }
    }
  }
`);

type ConfigureFormProps = {
  dataset: FragmentType<typeof ConfigureFormDataset>;
  target: string;
  advice: { problem: ProblemType | null; reason: string };
  /** Roles as they stand in the URL, and a new text when they are changed here. */
  roles: string | undefined;
  onRoles: (roles: string | undefined) => void;
};

const NOTHING: { fields: Refusals; rest: string[] } = { fields: {}, rest: [] };

/** Everything about a job that can be chosen. As it stands it can be started. */
export function ConfigureForm({ dataset: masked, target, advice, roles, onRoles }: ConfigureFormProps) {
  const dataset = readFragment(ConfigureFormDataset, masked);
  const rows = dataset.profile?.rows ?? 0;
  const columns = dataset.profile?.columns ?? [];
  const inputs = columns.filter((column) => column.name !== target);
  const advised: ProblemType = advice.problem ?? 'MULTICLASS';
  const [draft, setDraft] = useState<JobDraft>(() => emptyDraft(rows, readOverrides(roles, columns)));
  const [budgetOk, setBudgetOk] = useState(true);
  // What the server said against the last try, until something is changed.
  const [refused, setRefused] = useState(NOTHING);
  // Of one request: pressed again after a lost answer, the same request makes no second job.
  const [sent, setSent] = useState<{ asked: string; key: string } | null>(null);
  const [create, { loading }] = useMutation(CreateJob, { refetchQueries: ['Home'] });
  const navigate = useNavigate();

  const problem = draft.problem === 'AUTO' ? advised : draft.problem;
  const local = refusalsOf(draft, inputs, problem);
  const canStart = budgetOk && Object.keys(local).length === 0;
  const input = toInput(draft, dataset.id, target);
  const { forecast, userErrors } = useEstimate(canStart ? input : null);
  const expected = byField(userErrors);
  const refusals = { ...refused.fields, ...expected.fields, ...local };
  const failure = [...new Set([...refused.rest, ...expected.rest])].join(' ') || null;

  const setWhole = (after: JobDraft) => {
    setDraft(after);
    setRefused(NOTHING);
  };
  const change = (part: Partial<JobDraft>) => {
    const after = { ...draft, ...part };
    setWhole(after);
    if (part.roles || part.exclude) onRoles(writeOverrides(overridesOf(after), columns));
  };

  const start = async () => {
    setRefused(NOTHING);
    const asked = JSON.stringify(input);
    const key = sent?.asked === asked ? sent.key : newRequestKey();
    setSent({ asked, key });
    try {
      const { data } = await create({ variables: { input: { ...input, idempotencyKey: key } } });
      const payload = data?.createJob;
      if (payload?.job) await navigate({ to: '/jobs/$jobId', params: { jobId: payload.job.id } });
      else setRefused(payload && payload.userErrors.length > 0 ? byField(payload.userErrors) : { fields: {}, rest: ['The job could not be started.'] });
    } catch (error) {
      setRefused({ fields: {}, rest: [describeFailure(error)] });
    }
  };

  return (
    <form
      className="space-y-6"
      onSubmit={(event) => {
        event.preventDefault();
        if (canStart && !loading) void start();
      }}
    >
      <GoalCard draft={draft} advised={advised} reason={advice.reason} refusals={refusals} onDraft={setWhole} />
      <Card title="Time and effort">
        <div className="space-y-6">
          <BudgetField seconds={draft.budgetSeconds} onChange={(seconds) => change({ budgetSeconds: seconds })} onValid={setBudgetOk} />
          <ChoiceCards
            label="Effort"
            value={draft.preset}
            onChange={(preset) => change({ preset })}
            choices={(Object.keys(PRESETS) as (keyof typeof PRESETS)[]).map((value) => ({
              value,
              name: PRESETS[value].name,
              note: PRESETS[value].meaning,
              mark: value === 'BALANCED' ? 'usual' : undefined,
            }))}
          />
        </div>
      </Card>
      <AdvancedFields datasetId={dataset.id} columns={inputs} draft={draft} problem={problem} refusals={refusals} onChange={change} />
      <RunCard
        input={input}
        problem={problem}
        rows={rows}
        used={inputs.filter((column) => isFeature(draft, column)).length}
        forecast={forecast}
        refusals={refusals}
        failure={failure}
        canStart={canStart}
        isStarting={loading}
      />
    </form>
  );
}
