import { useState } from 'react';
import type { Metric } from '../../gql/graphql';
import { formatPercent } from '../../lib/format';
import { Plot } from '../../ui/charts/Plot';
import { SelectInput } from '../../ui/Field';
import { figuresOf, type Cut } from './cuts';

type CurveKind = 'ROC' | 'PR' | 'GAIN';
type Point = { x: number; y: number };

const CURVES: Record<CurveKind, { name: string; title: string; x: string; y: string; note: string; area?: Metric }> = {
  ROC: {
    name: 'Hits against false alarms (ROC)',
    title: 'ROC curve',
    x: 'false alarms (false positive rate)',
    y: 'hits (true positive rate)',
    note: 'The further to the upper left, the better. The dashed line is guessing.',
    area: 'ROC_AUC',
  },
  PR: {
    name: 'Precision against recall',
    title: 'Precision-recall curve',
    x: 'recall',
    y: 'precision',
    note: 'The further to the upper right, the better. The dashed line is guessing.',
    area: 'PR_AUC',
  },
  GAIN: {
    name: 'Gain: who is found first',
    title: 'Gain curve',
    x: 'share of all rows, most probable first',
    y: 'share found',
    note: 'How many are found when only so many rows are looked at. The dashed line is looking in any order.',
  },
};

/** Where a cut lies on a curve; null where the curve has no such place. */
function pointOf(kind: CurveKind, cut: Cut): Point | null {
  const figures = figuresOf(cut);
  if (kind === 'ROC') return { x: figures.falseAlarmRate, y: figures.recall };
  if (kind === 'PR') return figures.precision === null ? null : { x: figures.recall, y: figures.precision };
  return { x: (cut.truePositives + cut.falsePositives) / (cut.positives + cut.negatives), y: figures.recall };
}

type CutCurvesProps = {
  cuts: readonly Cut[];
  /** The one that is marked; null for none. */
  cut: Cut | null;
  /** The class whose probability is cut. */
  yes: string;
  metrics: readonly { metric: Metric; value: number }[];
};

/** The curves that all thresholds make together, with the chosen one on them. */
export function CutCurves({ cuts, cut, yes, metrics }: CutCurvesProps) {
  const [kind, setKind] = useState<CurveKind>('ROC');
  const curve = CURVES[kind];
  const [first] = cuts;
  const points = cuts.map((one) => pointOf(kind, one)).filter((point) => point !== null);
  if (kind !== 'PR') points.unshift({ x: 0, y: 0 });
  const here = cut && pointOf(kind, cut);
  const area = metrics.find((one) => one.metric === curve.area)?.value;
  const share = first ? first.positives / (first.positives + first.negatives) : 0;
  const chance: [Point, Point] = [
    { x: 0, y: kind === 'PR' ? share : 0 },
    { x: 1, y: kind === 'PR' ? share : 1 },
  ];
  return (
    <div>
      <SelectInput label="Curve" hint={curve.note} value={kind} onChange={(event) => setKind(event.target.value as CurveKind)}>
        {(Object.keys(CURVES) as CurveKind[]).map((one) => (
          <option key={one} value={one}>
            {CURVES[one].name}
          </option>
        ))}
      </SelectInput>
      <div className="mt-3">
        <Plot
          square
          data={{
            name: curve.title,
            columns: ['threshold', curve.x, curve.y],
            rows: cuts.map((one) => {
              const point = pointOf(kind, one);
              return [one.threshold, point?.x ?? null, point?.y ?? null];
            }),
          }}
          summary={`${curve.title} for ${yes}${area === undefined ? '' : ` with an area of ${area.toFixed(3)}`}.`}
          xLabel={curve.x}
          yLabel={curve.y}
          xDomain={[0, 1]}
          yDomain={[0, 1]}
          formatX={formatPercent}
          formatY={formatPercent}
        >
          {(x, y) => (
            <>
              <line x1={x(chance[0].x)} y1={y(chance[0].y)} x2={x(chance[1].x)} y2={y(chance[1].y)} strokeDasharray="4 4" className="stroke-edge" />
              <polyline fill="none" className="stroke-chart stroke-2" points={points.map((point) => `${x(point.x)},${y(point.y)}`).join(' ')} />
              {here ? <circle cx={x(here.x)} cy={y(here.y)} r="6" className="fill-panel stroke-chart-2 stroke-[3px]" /> : null}
            </>
          )}
        </Plot>
      </div>
    </div>
  );
}
