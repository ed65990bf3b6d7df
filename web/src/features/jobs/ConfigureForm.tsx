import { useMutation } from '@apollo/client/react';
import { useNavigate } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import type { GpuChoice, ProblemType } from '../../gql/graphql';
import { describeFailure, describeUserErrors } from '../../lib/failure';
import { formatCounted, formatDuration } from '../../lib/format';
import { DEFAULT_METRIC, METRICS, metricsFor } from '../../lib/metrics';
import { newRequestKey } from '../../lib/requestKey';
import { GPU_CHOICES, PRESETS, PROBLEMS } from '../../lib/words';
import { Button } from '../../ui/Button';
import { Callout } from '../../ui/Callout';
import { Card } from '../../ui/Card';
import { ChoiceCards } from '../../ui/ChoiceCards';
import { SelectInput, TextInput } from '../../ui/Field';
import { BudgetField } from './BudgetField';
import { ColumnChoices } from './ColumnChoices';
import { ForecastLine } from './ForecastLine';
import { emptyDraft, refuseSeed, toInput, withProblem, type JobDraft } from './jobDraft';

const ConfigureFormDataset = graphql(`
  fragment ConfigureForm_dataset on Dataset {
    id
    profile {
      rows
      columns {
        name
        role
        evidence
        asTarget {
          problem
          reason
        }
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

export function ConfigureForm({ dataset: masked, target }: { dataset: FragmentType<typeof ConfigureFormDataset>; target: string }) {
  const dataset = readFragment(ConfigureFormDataset, masked);
  const rows = dataset.profile?.rows ?? 0;
  const columns = dataset.profile?.columns ?? [];
  const advice = columns.find((column) => column.name === target)?.asTarget;
  const advised: ProblemType = advice?.problem ?? 'MULTICLASS';
  const [draft, setDraft] = useState<JobDraft>(() => emptyDraft(rows));
  const [budgetOk, setBudgetOk] = useState(true);
  const [failure, setFailure] = useState<string | null>(null);
  // Of one request: pressed again after a lost answer, the same request makes no second job.
  const [sent, setSent] = useState<{ asked: string; key: string } | null>(null);
  const [create, { loading }] = useMutation(CreateJob, { refetchQueries: ['Home'] });
  const navigate = useNavigate();
  const change = (part: Partial<JobDraft>) => setDraft((before) => ({ ...before, ...part }));

  const problem = draft.problem === 'AUTO' ? advised : draft.problem;
  const metric = draft.metric === 'AUTO' ? DEFAULT_METRIC[problem] : draft.metric;
  const seedRefusal = refuseSeed(draft.seed);
  const inputs = columns.filter((column) => column.name !== target);
  const used = inputs.filter((column) => {
    const role = draft.roles[column.name] ?? column.role;
    return !draft.exclude.includes(column.name) && !['ID', 'CONSTANT', 'DUPLICATE', 'EXCLUDED'].includes(role);
  });

  const start = async () => {
    setFailure(null);
    const input = toInput(draft, dataset.id, target);
    const asked = JSON.stringify(input);
    const key = sent?.asked === asked ? sent.key : newRequestKey();
    setSent({ asked, key });
    try {
      const { data } = await create({ variables: { input: { ...input, idempotencyKey: key } } });
      const payload = data?.createJob;
      const refused = describeUserErrors(payload?.userErrors);
      if (refused !== null || !payload?.job) setFailure(refused ?? 'The job could not be started.');
      else await navigate({ to: '/jobs/$jobId', params: { jobId: payload.job.id } });
    } catch (error) {
      setFailure(describeFailure(error));
    }
  };

  return (
    <form
      className="space-y-6"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <Card title="Problem and goal" note={advice?.reason}>
        <div className="grid gap-5 sm:grid-cols-2">
          <SelectInput
            label="Kind of problem"
            hint={PROBLEMS[problem].meaning}
            value={draft.problem}
            onChange={(event) => setDraft(withProblem(draft, event.target.value as JobDraft['problem'], advised))}
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
            value={draft.metric}
            onChange={(event) => change({ metric: event.target.value as JobDraft['metric'] })}
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
      <details className="group rounded-2xl border border-line bg-panel">
        <summary className="cursor-pointer rounded-2xl px-4 py-4 font-semibold sm:px-6">
          Advanced: columns, name, seed, graphics card
          {draft.exclude.length + Object.keys(draft.roles).length > 0 ? <span className="ml-2 font-normal text-muted">changed</span> : null}
        </summary>
        <div className="space-y-6 border-t border-line p-4 sm:p-6">
          <div className="grid gap-5 sm:grid-cols-2">
            <TextInput label="Name of the job" placeholder="Given by the server" value={draft.name} maxLength={100} onChange={(event) => change({ name: event.target.value })} />
            <TextInput
              label="Seed"
              hint="The same seed and the same data give the same decisions."
              inputMode="numeric"
              placeholder="Given by the server"
              error={seedRefusal}
              value={draft.seed}
              onChange={(event) => change({ seed: event.target.value })}
            />
            <SelectInput label="Graphics card" hint={GPU_CHOICES[draft.gpu].meaning} value={draft.gpu} onChange={(event) => change({ gpu: event.target.value as GpuChoice })}>
              {(Object.keys(GPU_CHOICES) as GpuChoice[]).map((one) => (
                <option key={one} value={one}>
                  {GPU_CHOICES[one].name}
                </option>
              ))}
            </SelectInput>
          </div>
          <ColumnChoices
            columns={inputs}
            exclude={draft.exclude}
            roles={draft.roles}
            onExclude={(exclude) => change({ exclude })}
            onRoles={(roles) => change({ roles })}
          />
        </div>
      </details>
      <Card title="What will run">
        <p className="max-w-prose">
          {PROBLEMS[problem].name} of <strong className="font-semibold break-all">{target}</strong> from {formatCounted(used.length, 'column')} of {formatCounted(rows, 'row')}, judged by{' '}
          {METRICS[metric].name}, done within {formatDuration(draft.budgetSeconds)}. Part of the rows is set aside first; the final score comes from those alone.
        </p>
        {budgetOk && seedRefusal === null && used.length > 0 ? <ForecastLine input={toInput(draft, dataset.id, target)} /> : null}
        {failure !== null ? (
          <div className="mt-4">
            <Callout tone="bad" title="The job was not started">
              <p>{failure}</p>
            </Callout>
          </div>
        ) : null}
        {used.length === 0 ? (
          <div className="mt-4">
            <Callout tone="warn">No column is left to learn from. Take at least one back in.</Callout>
          </div>
        ) : null}
        <div className="mt-5">
          <Button type="submit" look="primary" size="large" busy={loading} disabled={!budgetOk || seedRefusal !== null || used.length === 0}>
            <Play aria-hidden className="size-4" />
            Start training
          </Button>
        </div>
      </Card>
    </form>
  );
}
