import { useQuery } from '@apollo/client/react';
import { useEffect, useRef } from 'react';
import { graphql } from '../../gql';
import { FailureCallout } from '../../ui/FailureCallout';
import { LoadingPage } from '../../ui/Loading';
import { AttributionCard } from './AttributionCard';
import { CalibrationCard } from './CalibrationCard';
import { ClassesCard } from './ClassesCard';
import { ConfusionCard } from './ConfusionCard';
import { DecisionsCard } from './DecisionsCard';
import { DependenceCard } from './DependenceCard';
import { DeployCard } from './DeployCard';
import { DownloadsCard } from './DownloadsCard';
import { ErrorsCard } from './ErrorsCard';
import { ImportanceCard } from './ImportanceCard';
import { MetricsCard } from './MetricsCard';
import { PredictedActualCard } from './PredictedActualCard';
import { RocCard } from './RocCard';
import { ScoreCard } from './ScoreCard';
import { ThresholdCard } from './ThresholdCard';
import { useCalm } from '../../lib/useCalm';

// Apart from the page's own query: that one is asked again while the job runs, and both together select more than one request may.
const ResultsQuery = graphql(`
  query Results($id: ID!) {
    node(id: $id) {
      __typename
      ... on Model {
        id
        target
        classes
        ...ScoreCard_model
        ...DeployCard_model
        ...DownloadsCard_model
        evaluation {
          ...MetricsCard_evaluation
          ...ConfusionCard_evaluation
          ...RocCard_evaluation
          ...ThresholdCard_evaluation
          ...CalibrationCard_evaluation
          ...ClassesCard_evaluation
          ...ErrorsCard_evaluation
          ...PredictedActualCard_evaluation
          ...ImportanceCard_evaluation
          ...AttributionCard_evaluation
          ...DependenceCard_evaluation
          ...DecisionsCard_evaluation
        }
      }
    }
  }
`);

/** What came out: how good it is, how it errs, what it looks at, and how to use it. `version` rises with the job: what an extension changed is asked for. */
export function ModelResults({ id, version }: { id: string; version: number }) {
  const { data, error, refetch } = useCalm(useQuery(ResultsQuery, { variables: { id }, fetchPolicy: 'cache-and-network' }));
  const asked = useRef(version);
  useEffect(() => {
    if (asked.current !== version) void refetch();
    asked.current = version;
  }, [version, refetch]);
  const model = data?.node?.__typename === 'Model' ? data.node : null;
  if (!model) {
    if (error) return <FailureCallout title="The results could not be loaded" error={error} onRetry={() => void refetch()} />;
    // As tall as a screen, so that what stands below does not jump when the results come.
    return (
      <div className="min-h-screen">
        <LoadingPage label="Loading the results" />
      </div>
    );
  }
  return (
    <div className="space-y-6">
      <div className="grid gap-6 grid-cols-1 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <ScoreCard model={model} />
        <DeployCard model={model} />
      </div>
      {/* Newspaper columns: cards of very different heights leave no holes. */}
      <div className="gap-6 *:mb-6 *:break-inside-avoid *:last:mb-0 lg:columns-2">
        <ConfusionCard evaluation={model.evaluation} />
        <PredictedActualCard evaluation={model.evaluation} />
        <ErrorsCard evaluation={model.evaluation} target={model.target} />
        <ThresholdCard evaluation={model.evaluation} classes={model.classes} />
        <RocCard evaluation={model.evaluation} />
        <ImportanceCard evaluation={model.evaluation} />
        <AttributionCard evaluation={model.evaluation} />
        <DependenceCard evaluation={model.evaluation} target={model.target} />
        <CalibrationCard evaluation={model.evaluation} classes={model.classes} />
        <DecisionsCard evaluation={model.evaluation} classes={model.classes.length} />
        <ClassesCard evaluation={model.evaluation} modelId={model.id} />
        <MetricsCard evaluation={model.evaluation} />
        <DownloadsCard model={model} />
      </div>
    </div>
  );
}
