import { Target } from 'lucide-react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import type { ColumnRow_ColumnFragment } from '../../gql/graphql';
import { formatCount, formatNumber, formatPercent } from '../../lib/format';
import { ROLES, wordsOf } from '../../lib/words';
import { BarList } from '../../ui/charts/BarList';
import { Histogram } from '../../ui/charts/Histogram';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';

const ColumnRowColumn = graphql(`
  fragment ColumnRow_column on ColumnProfile {
    name
    role
    evidence
    missing
    missingShare
    distinct
    min
    max
    mean
    median
    topValues {
      value
      count
    }
    histogram {
      from
      to
      count
    }
    samples
    warnings
    asTarget {
      usable
    }
  }
`);

type ColumnRowProps = { column: FragmentType<typeof ColumnRowColumn>; isTarget: boolean; onChoose: (column: string) => void };

const LEFT_OUT = ['ID', 'CONSTANT', 'DUPLICATE', 'EXCLUDED'];

export function ColumnRow({ column: masked, isTarget, onChoose }: ColumnRowProps) {
  const column = readFragment(ColumnRowColumn, masked);
  return (
    <li className="grid gap-x-6 gap-y-3 py-4 first:pt-0 last:pb-0 md:grid-cols-[minmax(0,5fr)_minmax(0,3fr)_minmax(0,4fr)]">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-2">
          <h3 className="font-medium break-all">{column.name}</h3>
          <Badge tone={LEFT_OUT.includes(column.role) ? 'warn' : 'neutral'}>{wordsOf(ROLES, column.role).name}</Badge>
          {isTarget ? (
            <Badge tone="accent">
              <Target aria-hidden className="size-3" />
              To predict
            </Badge>
          ) : null}
        </div>
        <p className="mt-1 text-muted">{column.evidence}</p>
        {column.warnings.map((warning) => (
          <p key={warning} className="mt-1 text-warn">
            {warning}
          </p>
        ))}
      </div>
      <dl className="tabular grid grid-cols-2 content-start gap-x-4 text-xs">
        <dt className="text-muted">Missing</dt>
        <dd>{column.missing === 0 ? 'none' : `${formatCount(column.missing)} (${formatPercent(column.missingShare)})`}</dd>
        <dt className="text-muted">Distinct</dt>
        <dd>{formatCount(column.distinct)}</dd>
        {column.mean !== null ? (
          <>
            <dt className="text-muted">Mean</dt>
            <dd>{formatNumber(column.mean)}</dd>
          </>
        ) : null}
        {column.median !== null ? (
          <>
            <dt className="text-muted">Median</dt>
            <dd>{formatNumber(column.median)}</dd>
          </>
        ) : null}
      </dl>
      <div className="flex min-w-0 items-start justify-between gap-4">
        <div className="min-w-0 flex-1">
          <Values column={column} />
        </div>
        {column.asTarget.usable && !isTarget ? (
          <Button size="small" look="quiet" aria-label={`Predict this: ${column.name}`} onClick={() => onChoose(column.name)}>
            Predict this
          </Button>
        ) : null}
      </div>
    </li>
  );
}

function Values({ column }: { column: ColumnRow_ColumnFragment }) {
  const { histogram, min, max } = column;
  if (histogram && histogram.length > 0 && min !== null && max !== null) {
    const range = [formatNumber(min), formatNumber(max)];
    return (
      <>
        <Histogram bins={histogram} summary={`Distribution of ${column.name} from ${range.join(' to ')}`} />
        <p className="tabular mt-1 flex justify-between text-xs text-muted">
          <span>{range[0]}</span>
          <span>{range[1]}</span>
        </p>
      </>
    );
  }
  if (column.topValues.length > 0) {
    const bars = column.topValues.slice(0, 4).map((one) => ({ key: one.value, name: one.value === '' ? '(empty)' : one.value, value: one.count, text: formatCount(one.count) }));
    return <BarList dense label={`Most frequent values of ${column.name}`} bars={bars} />;
  }
  return <p className="text-xs break-words text-muted">{column.samples.slice(0, 3).join(' · ')}</p>;
}
