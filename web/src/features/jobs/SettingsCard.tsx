import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatDuration } from '../../lib/format';
import { metricName } from '../../lib/metrics';
import { GPU_CHOICES, PRESETS, PROBLEMS, ROLES, wordsOf } from '../../lib/words';
import { Card } from '../../ui/Card';
import { Fact } from '../../ui/Fact';
<<<<<<< HEAD
import { costWords } from './cost';
=======
import { latencyWords, monotoneWords, thresholdWords, validationWords } from './settingsWords';
>>>>>>> a56d798 (web/jobs: the form has everything that a job can be given)

export const SettingsCardJob = graphql(`
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
      roles {
        column
        role
      }
      validation {
        kind
        folds
        column
      }
      weightColumn
      threshold {
        goal
        atLeast
      }
      monotone {
        column
        direction
      }
      maxLatencyMilliseconds
    }
  }
`);

/** What the job was asked to do. What stayed automatic is not named, but for the validation, which everybody asks for. */
export function SettingsCard({ job: masked }: { job: FragmentType<typeof SettingsCardJob> }) {
  const job = readFragment(SettingsCardJob, masked);
  const { settings } = job;
  // On the job's own clock: what lies between an end and an extension does not count.
  const took = job.finishedAt ? job.progress.secondsElapsed : null;
  return (
    <Card title="Settings">
      <dl className="grid grid-cols-2 gap-4">
        <Fact name="Problem">{job.problem ? PROBLEMS[job.problem].name : 'found while preparing'}</Fact>
        <Fact name="Judged by">{job.metric ? metricName(job.metric) : 'follows from the problem'}</Fact>
        <Fact name="Time budget">{formatDuration(settings.budgetSeconds)}</Fact>
        <Fact name="Time taken">{took === null ? '–' : formatDuration(took)}</Fact>
        <Fact name={job.finishedAt ? 'Computing' : 'Computing so far'}>{job.cost ? costWords(job.cost) : '–'}</Fact>
        <Fact name="Effort">{PRESETS[settings.preset].name}</Fact>
        <Fact name="Seed">{String(settings.seed)}</Fact>
        <Fact name="Graphics card">{GPU_CHOICES[settings.gpu].name}</Fact>
        <Fact name="Validation">{validationWords(settings.validation)}</Fact>
        {settings.weightColumn === null ? null : <Fact name="Weight of rows">{settings.weightColumn}</Fact>}
        {settings.threshold === null ? null : <Fact name="Decides for">{thresholdWords(settings.threshold)}</Fact>}
        {settings.maxLatencyMilliseconds === null ? null : <Fact name="Time for an answer">at most {latencyWords(settings.maxLatencyMilliseconds)}</Fact>}
        {settings.monotone.length > 0 ? (
          <div className="col-span-2">
            <Fact name="The prediction only">{monotoneWords(settings.monotone)}</Fact>
          </div>
        ) : null}
        <Named name="Columns left out" names={settings.exclude} />
        <Named name="Roles set by hand" names={settings.roles.map(({ column, role }) => `${column}: ${wordsOf(ROLES, role).name.toLowerCase()}`)} />
      </dl>
    </Card>
  );
}

/** More than these fill a screen. */
const MOST = 20;

function Named({ name, names }: { name: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <div className="col-span-2">
      <Fact name={name}>
        {names.slice(0, MOST).join(', ')}
        {names.length > MOST ? ` and ${names.length - MOST} more` : ''}
      </Fact>
    </div>
  );
}
