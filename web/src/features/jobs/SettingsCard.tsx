import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatDuration } from '../../lib/format';
import { metricName } from '../../lib/metrics';
import { GPU_CHOICES, PRESETS, PROBLEMS } from '../../lib/words';
import { Card } from '../../ui/Card';
import { Fact } from '../../ui/Fact';
import { AskedSettings, Named } from './AskedSettings';
import { costWords } from './cost';

const SettingsCardJob = graphql(`
  fragment SettingsCard_job on Job {
    id
    problem
    metric
    finishedAt
    cost {
      computeSeconds
      amount
      currency
    }
    progress {
      secondsElapsed
    }
    settings {
      budgetSeconds
      preset
      seed
      exclude
      gpu
    }
  }
`);

/** What the job was asked to do. */
export function SettingsCard({ job: masked }: { job: FragmentType<typeof SettingsCardJob> }) {
  const job = readFragment(SettingsCardJob, masked);
  const { settings } = job;
  // On the job's own clock: what lies between an end and an extension does not count.
  const took = job.finishedAt ? job.progress.secondsElapsed : null;
  return (
    <Card title="Settings">
      <dl className="grid grid-cols-2 gap-4">
        <Fact name="Problem">{job.problem ? PROBLEMS[job.problem].name : 'Found while preparing'}</Fact>
        <Fact name="Judged by">{job.metric ? metricName(job.metric) : 'Follows from the problem'}</Fact>
        <Fact name="Time budget">{formatDuration(settings.budgetSeconds)}</Fact>
        <Fact name="Time taken">{took === null ? '–' : formatDuration(took)}</Fact>
        <Fact name={job.finishedAt ? 'Computing' : 'Computing so far'}>{job.cost ? costWords(job.cost) : '–'}</Fact>
        <Fact name="Effort">{PRESETS[settings.preset].name}</Fact>
        <Fact name="Seed">{String(settings.seed)}</Fact>
        <Fact name="Graphics card">{GPU_CHOICES[settings.gpu].name}</Fact>
        <AskedSettings jobId={job.id} />
        <Named name="Columns left out" names={settings.exclude} />
      </dl>
    </Card>
  );
}
