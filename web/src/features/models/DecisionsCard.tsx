import type { ReactNode } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCounted, formatDuration, formatEvenPercent, formatNumber, formatPercent, formatSentence } from '../../lib/format';
import { Card } from '../../ui/Card';

const DecisionsCardEvaluation = graphql(`
  fragment DecisionsCard_evaluation on Evaluation {
    calibrationDecision {
      isKept
      holdoutBefore
      holdoutAfter
      reason
    }
    threshold {
      threshold
      precision
      recall
      reason
    }
    latency {
      milliseconds
      limitMilliseconds
      nothingFits
    }
    coverage {
      level
      coverage
      size
      rows
    }
  }
`);

/** What was decided on top of the models: probabilities, the threshold, intervals, the time of an answer. */
export function DecisionsCard({ evaluation: masked, classes }: { evaluation: FragmentType<typeof DecisionsCardEvaluation>; classes: number }) {
  const { calibrationDecision: calibration, threshold, latency, coverage } = readFragment(DecisionsCardEvaluation, masked);
  if (!calibration && !threshold && !latency && coverage.length === 0) return null;
  return (
    <Card title="How sure its answers are" note="Decided on rows that were kept from training, measured on the holdout.">
      <dl className="divide-y divide-line">
        {calibration ? (
          <Entry name="Probabilities">
            {formatSentence(calibration.reason)}
            {calibration.holdoutBefore !== null && calibration.holdoutAfter !== null
              ? ` On the holdout the log loss went from ${formatNumber(calibration.holdoutBefore)} to ${formatNumber(calibration.holdoutAfter)}.`
              : ''}
          </Entry>
        ) : null}
        {threshold ? (
          <Entry name="Threshold">
            {formatSentence(threshold.reason)}
            {threshold.precision !== null && threshold.recall !== null
              ? ` Precision ${formatPercent(threshold.precision)}, recall ${formatPercent(threshold.recall)}.`
              : ''}
          </Entry>
        ) : null}
        {coverage.length > 0 ? (
          <Entry name={classes > 0 ? 'Sets of classes' : 'Intervals'}>
            <Coverage coverage={coverage} classes={classes} />
          </Entry>
        ) : null}
        {latency ? (
          <Entry name="Time of an answer">
            {formatDuration(latency.milliseconds / 1000)} for one row
            {latency.limitMilliseconds === null ? '.' : `; ${formatDuration(latency.limitMilliseconds / 1000)} were allowed.`}
            {latency.nothingFits ? ' No candidate keeps to that, so the baseline is the model.' : ''}
          </Entry>
        ) : null}
      </dl>
    </Card>
  );
}

type CoverageProps = { coverage: readonly { level: number; coverage: number; size: number; rows: number }[]; classes: number };

/** What answers with a range, or with several classes, were made for, and what they held. */
function Coverage({ coverage, classes }: CoverageProps) {
  const rows = coverage[0]?.rows ?? 0;
  const heads = ['Made for', 'Held', classes > 0 ? 'Mean size' : 'Mean width'];
  return (
    <>
      <p>
        {classes > 0 ? 'Sets that shall hold the true class' : 'Ranges that shall hold the true value'} in such a share of new rows, tried on {formatCounted(rows, 'row')}.
      </p>
      <table className="tabular mt-1 w-full max-w-sm text-ink">
        <thead className="text-xs text-muted">
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col" className="py-1 pl-3 text-right font-medium first:pl-0 first:text-left">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {coverage.map((one) => (
            <tr key={one.level} className="border-t border-line">
              <th scope="row" className="py-1 text-left font-normal">
                {formatPercent(one.level)}
              </th>
              <td className="pl-3 text-right">{formatEvenPercent(one.coverage)}</td>
              <td className="pl-3 text-right">{classes > 0 ? `${one.size.toFixed(2)} of ${classes}` : formatNumber(one.size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Entry({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="py-2 first:pt-0 last:pb-0">
      <dt className="font-medium">{name}</dt>
      <dd className="mt-0.5 max-w-prose text-muted">{children}</dd>
    </div>
  );
}
