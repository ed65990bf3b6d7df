import { useQuery } from '@apollo/client/react';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { DatasetList } from '../features/datasets/DatasetList';
import { SampleList } from '../features/datasets/SampleList';
import { JobList } from '../features/jobs/JobList';
import { NewDataset } from '../features/uploads/NewDataset';
import { graphql } from '../gql';
import { isTerminal } from '../lib/words';
import { useCalm } from '../lib/useCalm';
import { Card } from '../ui/Card';
import { FailureCallout } from '../ui/FailureCallout';
import { Loading } from '../ui/Loading';
import { PageHeading } from '../ui/PageHeading';

const HomeQuery = graphql(`
  query Home($jobs: Int!, $jobsAfter: String, $datasets: Int!) {
    serverInfo {
      uploadLimitBytes
      ...SampleList_info
    }
    jobs(first: $jobs, after: $jobsAfter) {
      ...JobList_jobs
      edges {
        node {
          id
          state
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
    datasets(first: $datasets) {
      ...DatasetList_datasets
      edges {
        node {
          id
        }
      }
    }
  }
`);

const FIRST_JOBS = 10;

/** From a file to a dataset, and what was made before. */
export function HomePage() {
  const { data, error, loading, refetch, fetchMore } = useCalm(useQuery(HomeQuery, {
    variables: { jobs: FIRST_JOBS, datasets: 8 },
    fetchPolicy: 'cache-and-network',
  }));
  const pages = data?.jobs?.pageInfo;
  const edges = data?.jobs?.edges ?? [];
  // While something runs the list is kept fresh; not once more pages were asked for, they would fold up again.
  const fresh = edges.length <= FIRST_JOBS && edges.some((edge) => !isTerminal(edge.node.state));
  useEffect(() => {
    if (!fresh) return;
    const timer = setInterval(() => void refetch(), 5000);
    return () => clearInterval(timer);
  }, [fresh, refetch]);
  return (
    <div className="space-y-6">
      <PageHeading title="Predict a column of your table" tabTitle="">
        Add a table, choose the column to predict, and get a tested model that answers right away.
      </PageHeading>
      {error && !data ? <FailureCallout title="The first page could not be loaded" error={error} onRetry={() => void refetch()} /> : null}
      <div className="grid items-stretch gap-6 grid-cols-1 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <NewDataset limitBytes={data?.serverInfo?.uploadLimitBytes ?? null} />
        <Card title="Or start with a sample" note="A small table of a known answer: a first model within a minute.">
          {data?.serverInfo ? <SampleList info={data.serverInfo} /> : loading ? <Loading label="Loading the samples" lines={3} /> : <p className="text-muted">Not available.</p>}
        </Card>
      </div>
      <Card
        title="Recent jobs"
        actions={
          <Link to="/jobs" className="text-accent hover:underline">
            All jobs
          </Link>
        }
      >
        {data?.jobs ? (
          <JobList
            jobs={data.jobs}
            onMore={pages?.hasNextPage ? () => void fetchMore({ variables: { jobsAfter: pages.endCursor } }) : undefined}
          />
        ) : loading ? (
          <Loading label="Loading the jobs" />
        ) : (
          <p className="text-muted">Not available.</p>
        )}
      </Card>
      {data?.datasets && data.datasets.edges.length > 0 ? (
        <Card
          title="Your datasets"
          actions={
            <Link to="/datasets" className="text-accent hover:underline">
              All datasets
            </Link>
          }
        >
          <DatasetList datasets={data.datasets} />
        </Card>
      ) : null}
    </div>
  );
}
