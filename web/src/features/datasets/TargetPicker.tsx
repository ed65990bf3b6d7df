import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount, formatPercent } from '../../lib/format';
import { PROBLEMS, ROLES, wordsOf } from '../../lib/words';
import { BarList } from '../../ui/charts/BarList';
import { buttonClass } from '../../ui/buttonStyle';
import { Callout } from '../../ui/Callout';
import { Card } from '../../ui/Card';
import { ComboBox } from '../../ui/ComboBox';

const TargetPickerProfile = graphql(`
  fragment TargetPicker_profile on DatasetProfile {
    columns {
      name
      role
      missing
      asTarget {
        usable
        problem
        reason
        ambiguous
        classes {
          value
          count
        }
      }
    }
  }
`);

type TargetPickerProps = {
  datasetId: string;
  profile: FragmentType<typeof TargetPickerProfile>;
  target: string | null;
  onChoose: (column: string) => void;
};

/** Which column to predict, and what kind of problem that would be. */
export function TargetPicker({ datasetId, profile, target, onChoose }: TargetPickerProps) {
  const { columns } = readFragment(TargetPickerProfile, profile);
  // What was typed holds for the target it was typed under; a target chosen elsewhere takes its place.
  const [typed, setTyped] = useState<{ under: string | null; text: string } | null>(null);
  const column = columns.find((one) => one.name === target);
  const options = columns.map((one) => ({
    id: one.name,
    text: one.name,
    note: one.asTarget.usable && one.asTarget.problem ? PROBLEMS[one.asTarget.problem].name : wordsOf(ROLES, one.role).name,
  }));
  return (
    <Card title="What do you want to predict?" note="Choose the column whose value shall be known before it happens.">
      <div className="grid gap-6 md:grid-cols-2">
        <div className="space-y-4">
          <ComboBox
            label="Column to predict"
            placeholder="Type or choose a column"
            options={options}
            text={typed?.under === target ? typed.text : (target ?? '')}
            onText={(text) => setTyped({ under: target, text })}
            onChoose={onChoose}
          />
          {column?.asTarget.usable ? (
            <Link to="/datasets/$datasetId/train" params={{ datasetId }} search={{ target: column.name }} className={buttonClass('primary', 'large')}>
              Continue with {column.name.length > 24 ? 'this column' : column.name}
              <ArrowRight aria-hidden className="size-4" />
            </Link>
          ) : null}
        </div>
        <div aria-live="polite" className="min-w-0 space-y-4">
          {column ? <Advice column={column} /> : <p className="text-muted md:pt-7">The kind of problem and its reason appear here.</p>}
        </div>
      </div>
    </Card>
  );
}

type AdvisedColumn = {
  missing: number;
  asTarget: { usable: boolean; problem: keyof typeof PROBLEMS | null; reason: string; ambiguous: boolean; classes: readonly { value: string; count: number }[] | null };
};

function Advice({ column }: { column: AdvisedColumn }) {
  const { usable, problem, reason, ambiguous, classes } = column.asTarget;
  if (!usable) {
    return (
      <Callout tone="warn" title="This column cannot be predicted">
        <p>{reason}</p>
      </Callout>
    );
  }
  const known = classes?.reduce((sum, one) => sum + one.count, 0) ?? 0;
  return (
    <>
      <Callout title={problem ? PROBLEMS[problem].name : undefined}>
        <p>{reason}</p>
        {ambiguous ? <p className="mt-1">Another kind of problem would be as plausible; you can choose it on the next page.</p> : null}
        {column.missing > 0 ? <p className="mt-1">{formatCount(column.missing)} rows without a value are left out.</p> : null}
      </Callout>
      {classes && classes.length > 0 ? (
        <BarList
          label="Classes"
          bars={classes.slice(0, 8).map((one) => ({
            key: one.value,
            name: one.value,
            value: one.count,
            text: `${formatCount(one.count)} · ${formatPercent(one.count / Math.max(1, known))}`,
          }))}
        />
      ) : null}
      {classes && classes.length > 8 ? <p className="text-muted">and {formatCount(classes.length - 8)} more classes</p> : null}
    </>
  );
}
