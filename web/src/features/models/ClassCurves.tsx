import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { graphql } from '../../gql';
import type { Metric } from '../../gql/graphql';
import { formatCount } from '../../lib/format';
import { FailureCallout } from '../../ui/FailureCallout';
import { SelectInput } from '../../ui/Field';
import { Loading } from '../../ui/Loading';
import { CutCurves } from './CutCurves';

// Asked for beside the other results: the points of twenty classes are as much as all of those together.
const ClassCurvesQuery = graphql(`
  query ClassCurves($model: ID!) {
    node(id: $model) {
      __typename
      ... on Model {
        id
        evaluation {
          classReports {
            label
            rocAuc
            prAuc
            cuts {
              threshold
              truePositives
              falsePositives
              positives
              negatives
            }
          }
        }
      }
    }
  }
`);

/** How well one of several classes is told from all others, threshold by threshold; nothing for models of older versions. */
export function ClassCurves({ modelId }: { modelId: string }) {
  const { data, error, refetch } = useQuery(ClassCurvesQuery, { variables: { model: modelId } });
  const [chosen, setChosen] = useState<string | null>(null);
  if (error) return <FailureCallout title="The curves could not be loaded" error={error} onRetry={() => void refetch()} />;
  if (!data) {
    return (
      <div className="h-96">
        <Loading label="Loading the curves" lines={8} />
      </div>
    );
  }
  const all = data.node?.__typename === 'Model' ? data.node.evaluation.classReports : [];
  const reports = all.filter((one) => one.cuts.length > 0);
  const shown = reports.find((one) => one.label === chosen) ?? reports[0];
  if (!shown) return null;
  return (
    <div className="space-y-3">
      <SelectInput
        label="Class"
        hint={reports.length < all.length ? `The ${reports.length} most frequent of ${formatCount(all.length)} classes, each against all others.` : 'Against all others.'}
        value={shown.label}
        onChange={(event) => setChosen(event.target.value)}
      >
        {reports.map((one) => (
          <option key={one.label} value={one.label}>
            {one.label}
          </option>
        ))}
      </SelectInput>
      <CutCurves cuts={shown.cuts} cut={null} yes={shown.label} metrics={areasOf(shown)} />
    </div>
  );
}

function areasOf({ rocAuc, prAuc }: { rocAuc: number | null; prAuc: number | null }): { metric: Metric; value: number }[] {
  const areas: { metric: Metric; value: number }[] = [];
  if (rocAuc !== null) areas.push({ metric: 'ROC_AUC', value: rocAuc });
  if (prAuc !== null) areas.push({ metric: 'PR_AUC', value: prAuc });
  return areas;
}
