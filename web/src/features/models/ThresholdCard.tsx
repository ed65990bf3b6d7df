import { useId, useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount, formatNumber, formatPercent, formatScore } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { TextInput } from '../../ui/Field';
import { bestBy, costOf, figuresOf, nearest, parseCost, type Cut } from './cuts';
import { CutCurves } from './CutCurves';

const ThresholdCardEvaluation = graphql(`
  fragment ThresholdCard_evaluation on Evaluation {
    threshold {
      threshold
    }
    cuts {
      threshold
      truePositives
      falsePositives
      positives
      negatives
    }
    metrics {
      metric
      value
    }
  }
`);

type ThresholdCardProps = { evaluation: FragmentType<typeof ThresholdCardEvaluation>; classes: readonly string[] };

/** From which probability on the second class is predicted: what each choice would do to the holdout, before anybody makes it. */
export function ThresholdCard({ evaluation: masked, classes }: ThresholdCardProps) {
  const evaluation = readFragment(ThresholdCardEvaluation, masked);
  const { cuts } = evaluation;
  const own = evaluation.threshold?.threshold ?? 0.5;
  const [place, setPlace] = useState(() => nearest(cuts, own));
  const [miss, setMiss] = useState('1');
  const [alarm, setAlarm] = useState('1');
  const cut = cuts[place];
  if (!cut || classes.length !== 2) return null;
  const [no = '', yes = ''] = classes;
  const costs = { miss: parseCost(miss), alarm: parseCost(alarm) };
  const cost = (one: Cut) => (costs.miss === null || costs.alarm === null ? null : costOf(one, costs.miss, costs.alarm));
  const figures = figuresOf(cut);
  return (
    <Card title="Where to draw the line" note={`The model says ${yes} above a probability of ${formatNumber(own)}. See what another line would do to the rows of the holdout.`}>
      <div className="space-y-5">
        <Slider cuts={cuts} place={place} yes={yes} onPlace={setPlace} />
        <div className="flex flex-wrap gap-2">
          <Button size="small" onClick={() => setPlace(nearest(cuts, own))}>
            As the model does
          </Button>
          <Button size="small" onClick={() => setPlace(bestBy(cuts, (one) => figuresOf(one).f1))}>
            Best F1
          </Button>
          <Button size="small" disabled={cost(cut) === null} onClick={() => setPlace(bestBy(cuts, (one) => -(cost(one) ?? 0)))}>
            Lowest cost
          </Button>
        </div>
        <Outcomes cut={cut} no={no} yes={yes} />
        <dl aria-live="polite" className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3">
          <Figure name="Precision" value={figures.precision === null ? '–' : formatPercent(figures.precision)} />
          <Figure name="Recall" value={formatPercent(figures.recall)} />
          <Figure name="False alarms" value={formatPercent(figures.falseAlarmRate)} />
          <Figure name="F1" value={formatScore(figures.f1)} />
          <Figure name="Accuracy" value={formatPercent(figures.accuracy)} />
          <Figure name="Cost" value={cost(cut) === null ? '–' : formatNumber(cost(cut) ?? 0)} />
        </dl>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextInput
            label={`Cost of a ${yes} that is missed`}
            inputMode="decimal"
            value={miss}
            error={costs.miss === null ? 'A number of 0 or more.' : null}
            onChange={(event) => setMiss(event.target.value)}
          />
          <TextInput
            label="Cost of a false alarm"
            inputMode="decimal"
            value={alarm}
            error={costs.alarm === null ? 'A number of 0 or more.' : null}
            onChange={(event) => setAlarm(event.target.value)}
          />
        </div>
        <CutCurves cuts={cuts} cut={cut} yes={yes} metrics={evaluation.metrics} />
        <p className="max-w-prose text-xs text-muted">
          This changes nothing about the model. Compare its probability of {yes} with your line in your own program, or train again with a goal for the threshold.
        </p>
      </div>
    </Card>
  );
}

type SliderProps = { cuts: readonly Cut[]; place: number; yes: string; onPlace: (place: number) => void };

function Slider({ cuts, place, yes, onPlace }: SliderProps) {
  const threshold = cuts[place]?.threshold ?? 0;
  // The highest threshold comes first, and to the right the numbers grow.
  const last = cuts.length - 1;
  const id = useId();
  return (
    <div>
      <div className="flex items-baseline justify-between gap-4">
        <label htmlFor={id} className="font-medium">
          Threshold
        </label>
        <output htmlFor={id} className="tabular break-words text-muted">
          {yes} above {formatNumber(threshold)}
        </output>
      </div>
      <input
        id={id}
        type="range"
        min={0}
        max={last}
        step={1}
        value={last - place}
        aria-valuetext={`above ${formatNumber(threshold)}`}
        onChange={(event) => onPlace(last - Number(event.target.value))}
        className="mt-2 h-6 w-full cursor-pointer accent-accent"
      />
    </div>
  );
}

function Outcomes({ cut, no, yes }: { cut: Cut; no: string; yes: string }) {
  const { falseNegatives, trueNegatives } = figuresOf(cut);
  const rows: [string, number, number][] = [
    [no, trueNegatives, cut.falsePositives],
    [yes, falseNegatives, cut.truePositives],
  ];
  return (
    <table className="tabular w-full text-sm">
      <caption className="sr-only">Rows of the holdout by true class and answer</caption>
      <thead>
        <tr className="text-xs text-muted">
          <td className="py-1.5 pr-3">true ↓ answer →</td>
          {[no, yes].map((label) => (
            <th key={label} scope="col" className="py-1.5 pl-3 text-right font-medium break-all">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([label, left, right], place) => (
          <tr key={label} className="border-t border-line">
            <th scope="row" className="py-1.5 pr-3 text-left font-medium break-all">
              {label}
            </th>
            {[left, right].map((count, column) => (
              <td key={column} className={`py-1.5 pl-3 text-right ${place === column ? 'text-good' : 'text-bad'}`}>
                {formatCount(count)} {place === column ? '✓' : '✗'}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="tabular text-lg font-semibold">{value}</dd>
    </div>
  );
}
