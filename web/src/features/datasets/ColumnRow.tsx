import { ChevronDown, Target, TriangleAlert, Undo2 } from 'lucide-react';
import { memo, useId } from 'react';
import type { ColumnKind, ColumnRole } from '../../gql/graphql';
import { formatCount, formatCounted, formatNumber, formatPercent } from '../../lib/format';
import { ROLES, wordsOf } from '../../lib/words';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { FailureCallout } from '../../ui/FailureCallout';
import { ColumnPanel } from './ColumnPanel';
import { ColumnSummary } from './ColumnSummary';
import { isLeftOut, type Found } from './overrides';
import { RoleSelect } from './RoleSelect';
import { useColumnDetails, type DetailedColumn } from './useColumnDetails';

type Column = { name: string; role: ColumnRole; valueKind: ColumnKind | null; missing: number; warnings: readonly string[] };

type ColumnRowProps = {
  datasetId: string;
  column: Column;
  rows: number;
  /** What it is used as: what was found, or what was chosen instead. */
  role: ColumnRole;
  isTarget: boolean;
  canBeTarget: boolean;
  /** Of narrow tables the values stand in the row as well; of wide ones they are asked for when it is opened. */
  isWide: boolean;
  /** Of narrow tables. */
  details: DetailedColumn | undefined;
  isOpen: boolean;
  onOpen: (column: string, isOpen: boolean) => void;
  onRole: (column: Found, role: ColumnRole) => void;
  onChoose: (column: string) => void;
};

/** A column: what it is used as, what speaks against it, and when opened all about its values. */
export const ColumnRow = memo(function ColumnRow(props: ColumnRowProps) {
  const { column, rows, role, isTarget, isOpen, isWide, details } = props;
  const id = useId();
  return (
    <li className="py-4 first:pt-0 last:pb-0">
      <div className={`grid gap-x-6 gap-y-3 ${isWide ? 'md:grid-cols-[minmax(0,1fr)_auto]' : 'md:grid-cols-[minmax(0,5fr)_minmax(0,4fr)_auto]'}`}>
        <div className="min-w-0">
          <div className="flex flex-wrap items-center gap-2">
            <h3 className="font-medium break-all">{column.name}</h3>
            <Badge tone={isLeftOut(role) ? 'warn' : role === column.role ? 'neutral' : 'accent'}>
              {wordsOf(ROLES, role).name}
              {role === column.role ? '' : ', changed'}
            </Badge>
            {isTarget ? (
              <Badge tone="accent">
                <Target aria-hidden className="size-3" />
                To predict
              </Badge>
            ) : null}
          </div>
          <p className="tabular mt-1 text-muted">
            {column.missing === 0 ? 'Nothing missing' : `${formatCount(column.missing)} missing (${formatPercent(column.missing / Math.max(1, rows))})`}
            {details && !isWide ? figuresOf(details) : ''}
          </p>
          <p className="mt-1 text-muted">{role === column.role && !isWide ? (details?.evidence ?? wordsOf(ROLES, role).meaning) : wordsOf(ROLES, role).meaning}</p>
          {column.warnings.map((warning) => (
            <p key={warning} className="mt-1 flex gap-1.5 text-warn">
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
              {warning}
            </p>
          ))}
        </div>
        {isWide ? null : (
          <div className="min-w-0">
            <ColumnSummary column={details} />
          </div>
        )}
        <div className="flex flex-wrap content-start items-center gap-2 md:w-48 md:justify-end lg:w-88">
          {isTarget ? null : (
            <>
              <RoleSelect column={column} role={role} withLeftOut onChange={(chosen) => props.onRole(column, chosen)} />
              {role === column.role ? null : (
                <Button size="small" look="quiet" aria-label={`Use ${column.name} as it was found`} onClick={() => props.onRole(column, column.role)}>
                  <Undo2 aria-hidden className="size-4" />
                </Button>
              )}
              {props.canBeTarget ? (
                <Button size="small" look="quiet" aria-label={`Predict this: ${column.name}`} onClick={() => props.onChoose(column.name)}>
                  Predict this
                </Button>
              ) : null}
            </>
          )}
          <Button
            size="small"
            look="quiet"
            aria-label={`Details of ${column.name}`}
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            onClick={() => props.onOpen(column.name, !isOpen)}
          >
            Details
            <ChevronDown aria-hidden className={`size-4 transition-transform ${isOpen ? 'rotate-180' : ''}`} />
          </Button>
        </div>
      </div>
      {isOpen ? (
        <div id={id} className="mt-4 rounded-xl border border-line p-4">
          {isWide ? <WidePanel datasetId={props.datasetId} name={column.name} rows={rows} /> : <ColumnPanel column={details} rows={rows} />}
        </div>
      ) : null}
    </li>
  );
});

function WidePanel({ datasetId, name, rows }: { datasetId: string; name: string; rows: number }) {
  const details = useColumnDetails(datasetId, [name], true);
  if (details.error) return <FailureCallout title="The values of this column could not be loaded" error={details.error} onRetry={details.retry} />;
  return <ColumnPanel column={details.of(name)} rows={rows} />;
}

function figuresOf({ distinct, mean, median }: DetailedColumn): string {
  const numbers = mean !== null && median !== null ? ` · mean ${formatNumber(mean)}, median ${formatNumber(median)}` : '';
  return ` · ${formatCounted(distinct, 'different value')}${numbers}`;
}
