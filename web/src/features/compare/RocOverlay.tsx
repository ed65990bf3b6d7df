import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatPercent } from '../../lib/format';
import { Card } from '../../ui/Card';
import { Plot } from '../../ui/charts/Plot';
import { lineStyle } from './lineStyle';

const RocOverlayJobs = graphql(`
  fragment RocOverlay_jobs on JobComparison {
    jobs {
      id
      name
      model {
        id
        evaluation {
          roc {
            x
            y
          }
        }
      }
    }
  }
`);

/** The ROC curves of all jobs in one frame; nothing where fewer than two have one. */
export function RocOverlay({ comparison }: { comparison: FragmentType<typeof RocOverlayJobs> }) {
  const { jobs } = readFragment(RocOverlayJobs, comparison);
  const curves = jobs.map((job, place) => ({ id: job.id, name: job.name, place, roc: job.model?.evaluation.roc ?? [] })).filter((one) => one.roc.length > 1);
  if (curves.length < 2) return null;
  return (
    <Card title="Hits against false alarms" note="The ROC curves: the further to the upper left, the better.">
      <ul aria-hidden className="mb-2 flex flex-wrap gap-x-5 gap-y-1 text-xs text-muted">
        {curves.map((one) => (
          <li key={one.id} className="flex items-center gap-1.5">
            <svg width="24" height="6">
              <line x1="0" x2="24" y1="3" y2="3" {...lineStyle(one.place)} />
            </svg>
            {one.name}
          </li>
        ))}
      </ul>
      <Plot
        square
        data={{
          name: 'ROC curves',
          columns: ['job', 'false positive rate', 'true positive rate'],
          rows: curves.flatMap((one) => one.roc.map((point) => [one.name, point.x, point.y])),
        }}
        summary={`ROC curves of ${curves.map((one) => one.name).join(', ')}.`}
        xLabel="false alarms (false positive rate)"
        yLabel="hits (true positive rate)"
        xDomain={[0, 1]}
        yDomain={[0, 1]}
        formatX={formatPercent}
        formatY={formatPercent}
      >
        {(x, y) => (
          <>
            <line x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} strokeDasharray="4 4" className="stroke-edge" />
            {curves.map((one) => (
              <polyline key={one.id} fill="none" {...lineStyle(one.place)} points={one.roc.map((point) => `${x(point.x)},${y(point.y)}`).join(' ')} />
            ))}
          </>
        )}
      </Plot>
    </Card>
  );
}
