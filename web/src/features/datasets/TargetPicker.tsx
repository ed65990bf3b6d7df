import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount } from '../../lib/format';
import { PROBLEMS, ROLES, wordsOf } from '../../lib/words';
import { buttonClass } from '../../ui/buttonStyle';
import { Callout } from '../../ui/Callout';
import { Card } from '../../ui/Card';
import { ComboBox } from '../../ui/ComboBox';
import { TargetValues } from './TargetValues';
import { ALL_AT_ONCE, useColumnDetails } from './useColumnDetails';
import type { Advice } from './useTargetAdvice';

const TargetPickerProfile = graphql(`
  fragment TargetPicker_profile on DatasetProfile {
    rows
    columns {
      name
      role
      missing
    }
  }
`);

type TargetPickerProps = {
  datasetId: string;
  profile: FragmentType<typeof TargetPickerProfile>;
  /** What predicting a column would mean; undefined while that is on its way. */
  adviceOn: (column: string) => Advice | undefined;
  target: string | null;
  /** Roles as they stand in the URL, for the next page. */
  roles: string | undefined;
  onChoose: (column: string) => void;
};

/** Which column to predict, what kind of problem that would be, and how its values are spread. */
export function TargetPicker({ datasetId, profile, adviceOn, target, roles, onChoose }: TargetPickerProps) {
  const { rows, columns } = readFragment(TargetPickerProfile, profile);
  // What was typed holds for the target it was typed under; a target chosen elsewhere takes its place.
  const [typed, setTyped] = useState<{ under: string | null; text: string } | null>(null);
  const column = columns.find((one) => one.name === target);
  const advice = column ? adviceOn(column.name) : undefined;
  const details = useColumnDetails(datasetId, column && columns.length > ALL_AT_ONCE ? [column.name] : null, column !== undefined);
  const options = columns.map((one) => {
    const problem = adviceOn(one.name)?.problem;
    return { id: one.name, text: one.name, note: problem ? PROBLEMS[problem].name : wordsOf(ROLES, one.role).name };
  });
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
          {column && advice?.usable ? (
            <Link to="/datasets/$datasetId/train" params={{ datasetId }} search={{ target: column.name, roles }} className={buttonClass('primary', 'large')}>
              Continue with {column.name.length > 24 ? 'this column' : column.name}
              <ArrowRight aria-hidden className="size-4" />
            </Link>
          ) : null}
        </div>
        <div aria-live="polite" className="min-w-0 space-y-4">
          {column ? null : <p className="text-muted md:pt-7">The kind of problem, its reason and the spread of the values appear here.</p>}
          {advice && !advice.usable ? (
            <Callout tone="warn" title="This column cannot be predicted">
              <p>{advice.reason}</p>
            </Callout>
          ) : null}
          {column && advice?.usable ? (
            <Callout title={advice.problem ? PROBLEMS[advice.problem].name : undefined}>
              <p>{advice.reason}</p>
              {column.missing > 0 ? <p className="mt-1">{formatCount(column.missing)} rows without a value are left out.</p> : null}
            </Callout>
          ) : null}
          {column && advice?.usable && advice.problem && !details.error ? <TargetValues column={details.of(column.name)} problem={advice.problem} rows={rows} /> : null}
        </div>
      </div>
    </Card>
  );
}
