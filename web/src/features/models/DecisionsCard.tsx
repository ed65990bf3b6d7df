import type { ReactNode } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCounted, formatDuration, formatNumber, formatPercent, formatSentence } from '../../lib/format';
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
            <ul>
              {coverage.map((one) => (
                <li key={one.level}>
                  Made for {formatPercent(one.level)} of new rows: they held {formatPercent(one.coverage)} of {formatCounted(one.rows, 'row')},{' '}
                  {classes > 0 ? `with ${formatNumber(one.size)} of ${classes} classes on average` : `${formatNumber(one.size)} wide on average`}.
                </li>
              ))}
            </ul>
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

function Entry({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="py-2 first:pt-0 last:pb-0">
      <dt className="font-medium">{name}</dt>
      <dd className="mt-0.5 max-w-prose text-muted">{children}</dd>
    </div>
  );
}
