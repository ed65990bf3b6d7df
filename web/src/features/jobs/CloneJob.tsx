import { useMutation } from '@apollo/client/react';
import { useNavigate } from '@tanstack/react-router';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import type { JobChangesInput, Metric, Preset } from '../../gql/graphql';
import { describeFailure, describeUserErrors } from '../../lib/failure';
import { METRICS, metricsFor } from '../../lib/metrics';
import { newRequestKey } from '../../lib/requestKey';
import { PRESETS } from '../../lib/words';
import { SelectInput, TextInput } from '../../ui/Field';
import { FormDialog } from '../../ui/FormDialog';
import { BudgetField } from './BudgetField';
import { refuseSeed } from './jobDraft';

export const CloneJobJob = graphql(`
  fragment CloneJob_job on Job {
    id
    problem
    metric
    settings {
      budgetSeconds
      preset
      seed
    }
  }
`);

const Clone = graphql(`
  mutation CloneJob($input: CloneJobInput!) {
    cloneJob(input: $input) {
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

/** The same again with a few things changed. */
export function CloneJob({ job: masked }: { job: FragmentType<typeof CloneJobJob> }) {
  const job = readFragment(CloneJobJob, masked);
  const [seconds, setSeconds] = useState(job.settings.budgetSeconds);
  const [budgetOk, setBudgetOk] = useState(true);
  const [preset, setPreset] = useState<Preset>(job.settings.preset);
  const [metric, setMetric] = useState<Metric | null>(job.metric ?? null);
  const [seed, setSeed] = useState(String(job.settings.seed));
  const [key, setKey] = useState('');
  const [clone] = useMutation(Clone, { refetchQueries: ['Home'] });
  const navigate = useNavigate();
  const seedRefusal = refuseSeed(seed);

  const submit = async () => {
    const changes: JobChangesInput = { budgetSeconds: seconds, preset };
    // What was not touched stays as it was, automatic included.
    if (metric !== null && metric !== job.metric) changes.metric = metric;
    if (seed.trim() !== '' && Number(seed) !== job.settings.seed) changes.seed = Number(seed);
    try {
      const { data } = await clone({ variables: { input: { id: job.id, changes, idempotencyKey: key } } });
      const payload = data?.cloneJob;
      const refused = describeUserErrors(payload?.userErrors);
      if (refused !== null || !payload?.job) return refused ?? 'The job could not be started.';
      await navigate({ to: '/jobs/$jobId', params: { jobId: payload.job.id } });
      return null;
    } catch (error) {
      return describeFailure(error);
    }
  };
  return (
    <FormDialog
      button={
        <>
          <Copy aria-hidden className="size-4" />
          Clone
        </>
      }
      title="Start a job like this one"
      verb="Start the new job"
      ready={budgetOk && seedRefusal === null}
      onOpen={() => setKey(newRequestKey())}
      onSubmit={submit}
    >
      <BudgetField seconds={seconds} onChange={setSeconds} onValid={setBudgetOk} wide />
      <SelectInput label="Effort" hint={PRESETS[preset].meaning} value={preset} onChange={(event) => setPreset(event.target.value as Preset)}>
        {(Object.keys(PRESETS) as Preset[]).map((one) => (
          <option key={one} value={one}>
            {PRESETS[one].name}
          </option>
        ))}
      </SelectInput>
      {job.problem && metric !== null ? (
        <SelectInput label="What counts as good" hint={METRICS[metric].meaning} value={metric} onChange={(event) => setMetric(event.target.value as Metric)}>
          {metricsFor(job.problem).map((one) => (
            <option key={one} value={one}>
              {METRICS[one].name}
            </option>
          ))}
        </SelectInput>
      ) : null}
      <TextInput label="Seed" inputMode="numeric" error={seedRefusal} value={seed} onChange={(event) => setSeed(event.target.value)} />
      <p className="text-xs text-muted">Dataset, target, columns and everything else stay the same.</p>
    </FormDialog>
  );
}
