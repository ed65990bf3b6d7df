import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount, formatCounted, formatNumber, formatPercent, formatScore } from '../../lib/format';
import { metricName } from '../../lib/metrics';
import { wordsOf } from '../../lib/words';
import { Badge } from '../../ui/Badge';
import { DRIFT_LEVELS } from './words';

const BatchReportBatch = graphql(`
  fragment BatchReport_batch on BatchPrediction {
    id
    report {
      rows
      rowsInError
      warnings
      rowErrors {
        row
        column
        message
      }
      evaluationAbsent
      evaluation {
        rows
        metrics {
          metric
          value
          holdout
        }
      }
      drift {
        absent
        columns {
          column
          psi
          level
          absent
          missingShare
          trainingMissingShare
        }
      }
    }
  }
`);

const MOST_ERRORS = 20;

/** What is to be known besides the predictions: rows in error, how well the known targets were met, how the file differs from training. */
export function BatchReport({ batch: masked }: { batch: FragmentType<typeof BatchReportBatch> }) {
  const { report } = readFragment(BatchReportBatch, masked);
  if (!report) return null;
  const drifted = report.drift.columns.filter((column) => column.level === 'MODERATE' || column.level === 'LARGE');
  return (
    <div className="space-y-4 text-xs">
      {report.warnings.length > 0 ? (
        <ul className="list-disc pl-5">
          {report.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      ) : null}
      {report.rowErrors.length > 0 ? (
        <div>
          <p className="font-medium">{formatCounted(report.rowsInError, 'row')} could not be predicted</p>
          <ul className="mt-1 space-y-0.5 text-muted">
            {report.rowErrors.slice(0, MOST_ERRORS).map((error) => (
              <li key={`${error.row} ${error.column}`} className="break-words">
                Row {formatCount(error.row)}, {error.column}: {error.message}
              </li>
            ))}
            {report.rowErrors.length > MOST_ERRORS ? <li>The answer’s file names all of them.</li> : null}
          </ul>
        </div>
      ) : null}
      {report.evaluation ? (
        <div>
          <p className="font-medium">Compared with {formatCounted(report.evaluation.rows, 'known target')}</p>
          <dl className="mt-1 flex flex-wrap gap-x-6 gap-y-1">
            {report.evaluation.metrics.map((one) => (
              <div key={one.metric} className="flex gap-2">
                <dt className="text-muted">{metricName(one.metric)}</dt>
                <dd className="tabular">
                  {formatScore(one.value)}
                  {one.holdout !== null ? <span className="text-muted"> (holdout {formatScore(one.holdout)})</span> : null}
                </dd>
              </div>
            ))}
          </dl>
        </div>
      ) : report.evaluationAbsent ? (
        <p className="text-muted">{report.evaluationAbsent}</p>
      ) : null}
      {report.drift.absent !== null ? (
        <p className="text-muted">{report.drift.absent}</p>
      ) : (
        <div>
          <p className="font-medium">
            {drifted.length === 0 ? 'The rows look like those of the training' : `${formatCounted(drifted.length, 'column')} unlike those of the training`}
          </p>
          <ul className="mt-1 space-y-1">
            {drifted.map((column) => {
              const level = wordsOf(DRIFT_LEVELS, column.level ?? '');
              return (
                <li key={column.column} className="flex flex-wrap items-center gap-2">
                  <span className="break-all">{column.column}</span>
                  <Badge tone={level.tone}>{level.name}</Badge>
                  <span className="text-muted">
                    {column.psi !== null ? `stability index ${formatNumber(column.psi)}` : ''}
                    {column.trainingMissingShare !== null && column.missingShare !== column.trainingMissingShare
                      ? `; ${formatPercent(column.missingShare)} missing, ${formatPercent(column.trainingMissingShare)} in training`
                      : ''}
                  </span>
                </li>
              );
            })}
          </ul>
        </div>
      )}
    </div>
  );
}
