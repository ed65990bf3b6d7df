import { useQuery } from '@apollo/client/react';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CompareTable } from '../features/compare/CompareTable';
import { areSame, differenceOf } from '../features/compare/difference';
import { RocOverlay } from '../features/compare/RocOverlay';
import { FEWEST, MOST } from '../features/compare/search';
import { SETTING_NAMES, settingWords } from '../features/compare/words';
import { graphql } from '../gql';
import { isUnknownId } from '../lib/failure';
import { formatNumber, formatScore } from '../lib/format';
import { METRICS, metricName } from '../lib/metrics';
import { JOB_STATES, wordsOf } from '../lib/words';
import { useCalm } from '../lib/useCalm';
import { Badge } from '../ui/Badge';
import { buttonClass } from '../ui/buttonStyle';
import { Callout } from '../ui/Callout';
import { Card } from '../ui/Card';
import { CopyButton } from '../ui/CopyButton';
import { FailureCallout } from '../ui/FailureCallout';
import { LoadingPage } from '../ui/Loading';
import { PageHeading } from '../ui/PageHeading';

const CompareQuery = graphql(`
  query Compare($jobs: [ID!]!) {
    comparison(jobIds: $jobs) {
      sameHoldout
      jobs {
        id
        name
        state
      }
      metrics {
        metric
        higherIsBetter
        values
        best
      }
      settings {
        name
        values
      }
      importance {
        column
        values
      }
      ...RocOverlay_jobs
    }
  }
`);

const MOST_COLUMNS = 30;
const route = getRouteApi('/compare');

/** Two to ten jobs side by side: what is not the same, what each is worth, what each looks at. The URL names them, so that it can be sent. */
export function ComparePage() {
  const { jobs: ids, only } = route.useSearch();
  const navigate = route.useNavigate();
  const enough = ids.length >= FEWEST;
  const { data, error, loading, refetch } = useCalm(useQuery(CompareQuery, { variables: { jobs: ids }, skip: !enough, fetchPolicy: 'cache-and-network' }));
  const comparison = data?.comparison;
  if (!enough) return <Unusable title="Nothing to compare yet">Choose {FEWEST} to {MOST} jobs of the list, then press “Compare”.</Unusable>;
  if (!comparison) {
    if (error && !isUnknownId(error)) return <FailureCallout title="The jobs could not be compared" error={error} onRetry={() => void refetch()} />;
    return loading ? <LoadingPage label="Comparing" /> : <Unusable title="These jobs cannot be compared">One of them was deleted, or is not yours.</Unusable>;
  }
  const columns = comparison.jobs.map((job) => {
    const state = wordsOf(JOB_STATES, job.state);
    return {
      key: job.id,
      head: (
        <>
          <Link to="/jobs/$jobId" params={{ jobId: job.id }} className="hover:text-accent hover:underline">
            {job.name}
          </Link>
          <span className="mt-1 block">
            <Badge tone={state.tone}>{state.name}</Badge>
          </span>
        </>
      ),
    };
  });
  const keeps = (row: { cells: readonly (string | null)[] }) => only === undefined || !areSame(row.cells);
  const metrics = comparison.metrics
    .map((one) => ({
      key: one.metric,
      name: <span title={METRICS[one.metric].meaning}>{metricName(one.metric)}</span>,
      cells: one.values.map((value) => (value === null ? null : formatScore(value))),
      best: one.best,
    }))
    .filter(keeps);
  const importance = comparison.importance
    .map((one) => ({
      key: one.column,
      name: one.column,
      cells: [...one.values, differenceOf(one.values)].map((value) => (value === null ? null : formatNumber(value))),
    }))
    .filter((row) => keeps({ cells: row.cells.slice(0, -1) }))
    .slice(0, MOST_COLUMNS);
  const difference = { key: 'difference', head: comparison.jobs.length === 2 ? 'Second less first' : 'Largest less smallest' };
  return (
    <div className="space-y-6">
      <PageHeading
        title={`${comparison.jobs.length} jobs side by side`}
        beside={
          <>
            <label className="flex min-h-10 items-center gap-2">
              <input
                type="checkbox"
                className="size-4 accent-accent"
                checked={only === 'differences'}
                onChange={(event) => void navigate({ search: event.target.checked ? { jobs: ids, only: 'differences' } : { jobs: ids }, replace: true })}
              />
              Differences only
            </label>
            <span className="self-center">
              <CopyButton text={location.href}>Copy the link</CopyButton>
            </span>
          </>
        }
      />
      {comparison.sameHoldout ? null : (
        <Callout tone="warn" title="Compare the scores with care">
          <p>These jobs were not scored on the same rows: their dataset, target, seed or validation differs.</p>
        </Callout>
      )}
      <Card title="What they are worth" note="On the rows that were set aside. The best of each line is green.">
        {comparison.metrics.length === 0 ? (
          <p className="text-muted">None of them has a model yet.</p>
        ) : (
          <CompareTable label="Metrics" columns={columns} rows={metrics} />
        )}
        {metrics.length === 0 && comparison.metrics.length > 0 ? <p className="text-muted">All metrics are the same.</p> : null}
      </Card>
      <Card title="What was set differently">
        {comparison.settings.length === 0 ? (
          <p className="text-muted">Nothing: all settings are the same.</p>
        ) : (
          <CompareTable
            label="Settings"
            columns={columns}
            rows={comparison.settings.map((one) => ({ key: one.name, name: wordsOf(SETTING_NAMES, one.name).name, cells: one.values.map((value) => settingWords(one.name, value)) }))}
          />
        )}
      </Card>
      <RocOverlay comparison={comparison} />
      {comparison.importance.length > 0 ? (
        <Card title="What they look at" note="How much worse the score gets when a column is shuffled.">
          <CompareTable
            label="Importance of the columns"
            columns={[...columns, difference]}
            rows={importance}
          />
        </Card>
      ) : null}
    </div>
  );
}

function Unusable({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="max-w-2xl space-y-6">
      <PageHeading title={title}>{children}</PageHeading>
      <Link to="/jobs" className={buttonClass('primary')}>
        To the jobs
      </Link>
    </div>
  );
}
