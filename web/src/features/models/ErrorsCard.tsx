import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount, formatCounted, formatNumber } from '../../lib/format';
import { Card } from '../../ui/Card';
import { BarList } from '../../ui/charts/BarList';
import { Plot } from '../../ui/charts/Plot';

const ErrorsCardEvaluation = graphql(`
  fragment ErrorsCard_evaluation on Evaluation {
    residuals {
      from
      to
      count
    }
    errorBands {
      from
      to
      count
      meanError
      meanAbsoluteError
    }
  }
`);

/** How far the answers of a regression are off: all together, and by what was predicted. */
export function ErrorsCard({ evaluation, target }: { evaluation: FragmentType<typeof ErrorsCardEvaluation>; target: string }) {
  const { residuals, errorBands } = readFragment(ErrorsCardEvaluation, evaluation);
  const [first] = residuals;
  const last = residuals.at(-1);
  if (!first || !last) return null;
  const most = residuals.reduce((count, bin) => Math.max(count, bin.count), 1);
  const rows = residuals.reduce((sum, bin) => sum + bin.count, 0);
  return (
    <Card title="How far it is off" note={`${target} less the answer: right of zero the answer was too low, left of it too high.`}>
      <Plot
        data={{ name: 'Residuals', columns: ['from', 'to', 'rows'], rows: residuals.map((bin) => [bin.from, bin.to, bin.count]) }}
        summary={`Errors of ${formatCounted(rows, 'row')}, from ${formatNumber(first.from)} to ${formatNumber(last.to)}.`}
        xLabel="actual less predicted"
        yLabel="rows"
        xDomain={first.from === last.to ? [first.from - 1, last.to + 1] : [first.from, last.to]}
        yDomain={[0, most * 1.05]}
        formatY={formatCount}
        height={200}
      >
        {(x, y) => (
          <>
            {residuals.map((bin) => (
              <rect key={bin.from} x={x(bin.from) + 0.5} width={Math.max(1, x(bin.to) - x(bin.from) - 1)} y={y(bin.count)} height={Math.max(0, y(0) - y(bin.count))} className="fill-chart">
                <title>{`${formatNumber(bin.from)} to ${formatNumber(bin.to)}: ${formatCounted(bin.count, 'row')}`}</title>
              </rect>
            ))}
            {first.from <= 0 && last.to >= 0 ? <line x1={x(0)} x2={x(0)} y1={y(0)} y2={y(most * 1.05)} strokeDasharray="4 4" className="stroke-ink" /> : null}
          </>
        )}
      </Plot>
      {errorBands.length > 1 ? (
        <>
          <h3 className="mt-5 mb-1 font-medium">By what was predicted</h3>
          <p className="mb-3 text-muted">The mean error of rows with similar answers, a tenth of the rows each; in brackets which way it leans.</p>
          <BarList
            label="Mean absolute error by predicted value"
            bars={errorBands.map((band, place) => ({
              key: String(place),
              name: `${formatNumber(band.from)} to ${formatNumber(band.to)}`,
              value: band.meanAbsoluteError,
              text: `${formatNumber(band.meanAbsoluteError)} (${band.meanError > 0 ? '+' : ''}${formatNumber(band.meanError)})`,
            }))}
            data={{
              name: 'Errors by predicted value',
              columns: ['predicted from', 'to', 'rows', 'mean absolute error', 'mean error'],
              rows: errorBands.map((band) => [band.from, band.to, band.count, band.meanAbsoluteError, band.meanError]),
            }}
          />
        </>
      ) : null}
    </Card>
  );
}
