import { useQuery } from '@apollo/client/react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { BestSoFar } from '../features/jobs/BestSoFar';
import { CloneJob } from '../features/jobs/CloneJob';
import { ExtendJob } from '../features/jobs/ExtendJob';
import { JobActions } from '../features/jobs/JobActions';
import { JobLog } from '../features/jobs/JobLog';
import { JobLive } from '../features/jobs/JobLive';
import { JobProgressCard } from '../features/jobs/JobProgressCard';
import { Leaderboard } from '../features/jobs/Leaderboard';
import { NotesCard } from '../features/jobs/NotesCard';
import { RetryJob } from '../features/jobs/RetryJob';
import { RunningTrials } from '../features/jobs/RunningTrials';
import { SettingsCard } from '../features/jobs/SettingsCard';
import { StepTimeline } from '../features/jobs/StepTimeline';
import { TrialDialog } from '../features/jobs/TrialDialog';
import { useTrials } from '../features/jobs/useTrials';
import { ModelResults } from '../features/models/ModelResults';
import { graphql } from '../gql';
import { isUnknownId } from '../lib/failure';
import { isTerminal, JOB_STATES, wordsOf } from '../lib/words';
import { useCalm } from '../lib/useCalm';
import { Badge } from '../ui/Badge';
import { buttonClass } from '../ui/buttonStyle';
import { Callout } from '../ui/Callout';
import { Card } from '../ui/Card';
import { FailureCallout } from '../ui/FailureCallout';
import { LoadingPage } from '../ui/Loading';
import { PageHeading } from '../ui/PageHeading';
import { Sentence } from '../ui/Sentence';
import { NotFound } from './NotFound';

const JobQuery = graphql(`
  query Job($id: ID!) {
    node(id: $id) {
      __typename
      ... on Job {
        id
        name
        state
        error
        version
        target
        notes
        higherIsBetter
        progress {
          trialsFinished
          trialsFailed
        }
        dataset {
          id
          name
        }
        ...JobActions_job
        ...StepTimeline_job
        ...JobProgressCard_job
        ...BestSoFar_job
        ...Leaderboard_job
        ...SettingsCard_job
        ...ExtendJob_job
        ...CloneJob_job
        ...NotesCard_job
        ...JobLog_job
        model {
          id
          ...Leaderboard_model
        }
      }
    }
  }
`);

const route = getRouteApi('/jobs/$jobId');

/** A job while it runs, and its results when it is done: the same page, so that nothing has to be found again. */
export function JobPage() {
  const { jobId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, loading, refetch } = useCalm(useQuery(JobQuery, { variables: { id: jobId }, fetchPolicy: 'cache-and-network' }));
  const job = data?.node?.__typename === 'Job' ? data.node : null;
  const running = job !== null && !isTerminal(job.state);
  const trials = useTrials(job?.id ?? null, {
    running,
    higherIsBetter: job?.higherIsBetter ?? null,
    ended: job ? job.progress.trialsFinished + job.progress.trialsFailed : 0,
  });

  if (!job) {
    if (error && !isUnknownId(error)) return <FailureCallout title="The job could not be loaded" error={error} onRetry={() => void refetch()} />;
    return loading ? <LoadingPage label="Loading the job" /> : <NotFound what="job" />;
  }
  const state = wordsOf(JOB_STATES, job.state);
  const hasModel = Boolean(job.model);
  return (
    <div className="space-y-6">
      {running ? <JobLive id={job.id} onRefetch={refetch} /> : null}
      <PageHeading
        title={job.name}
        tabTitle={`${state.name}: ${job.name}`}
        above={
          job.dataset ? (
            <Link to="/datasets/$datasetId" params={{ datasetId: job.dataset.id }} search={{ target: job.target }} className="text-accent hover:underline">
              {job.dataset.name}
            </Link>
          ) : null
        }
        beside={
          <>
            {running || !job.dataset ? null : (
              <Link to="/datasets/$datasetId/train" params={{ datasetId: job.dataset.id }} search={{ target: job.target }} className={buttonClass()}>
                New job
              </Link>
            )}
            {job.state === 'FAILED' || job.state === 'CANCELLED' ? <RetryJob id={job.id} /> : null}
            {job.state === 'CANCELLED' || job.state === 'CANCELLING' ? null : <ExtendJob job={job} hasModel={hasModel} />}
            {running ? null : <CloneJob key={job.id} job={job} />}
            <JobActions job={job} hasModel={hasModel} />
          </>
        }
      >
        <span className="flex flex-wrap items-center gap-2">
          <span aria-live="polite">
            <Badge tone={state.tone}>{state.name}</Badge>
          </span>
          predicts <strong className="font-medium break-all text-ink">{job.target}</strong>
        </span>
      </PageHeading>
      {job.error !== null ? (
        <Callout tone="bad" title={job.state === 'FAILED' ? 'The job failed' : 'Something went wrong'}>
          <p>
            <Sentence clause={job.error} />
          </p>
        </Callout>
      ) : null}
      {job.state === 'CANCELLED' ? <Callout title="The job was cancelled">Nothing of it was kept.</Callout> : null}
      {job.model ? <ModelResults id={job.model.id} version={job.version} /> : null}
      {running ? <JobProgressCard job={job} /> : null}
      <StepTimeline job={job} onRefetch={running ? undefined : refetch} />
      <div className="grid gap-6 grid-cols-1 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <BestSoFar job={job} trials={trials} running={running} />
        {running ? <RunningTrials trials={trials} /> : <SettingsCard job={job} />}
      </div>
      <Leaderboard
        key={job.id}
        job={job}
        model={job.model}
        trials={trials}
        running={running}
        search={search}
        onSearch={(next) => void navigate({ search: next, replace: true, resetScroll: false })}
      />
      {job.notes.length > 0 ? (
        <Card title="Decided along the way">
          <ul className="max-w-prose list-disc space-y-1 pl-5 marker:text-muted">
            {job.notes.map((note, place) => (
              <li key={`${place} ${note}`} className="break-words">
                <Sentence clause={note} />
              </li>
            ))}
          </ul>
        </Card>
      ) : null}
      <JobLog job={job} trials={trials} />
      <NotesCard job={job} />
      {running ? <SettingsCard job={job} /> : null}
      {search.trial ? <TrialDialog key={search.trial} id={search.trial} onClose={() => void navigate({ search: { ...search, trial: undefined }, resetScroll: false })} /> : null}
    </div>
  );
}
