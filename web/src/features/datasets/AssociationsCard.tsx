import { useState, type ComponentProps } from 'react';
import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount } from '../../lib/format';
import { Button } from '../../ui/Button';
import { Callout } from '../../ui/Callout';
import { Card } from '../../ui/Card';
import { BarList } from '../../ui/charts/BarList';
import { measureName, splitByTarget, strengthText, SUSPECT } from './associations';

const AssociationsCardProfile = graphql(`
  fragment AssociationsCard_profile on DatasetProfile {
    associations {
      left
      right
      value
      measuredBy
    }
  }
`);

/** The strongest pairs of columns; once a target is chosen, what goes with it comes first. */
export function AssociationsCard({ profile, target }: { profile: FragmentType<typeof AssociationsCardProfile>; target: string | null }) {
  const { associations } = readFragment(AssociationsCardProfile, profile);
  const { withTarget, others } = splitByTarget(associations, target);
  const suspects = withTarget.filter((one) => Math.abs(one.value) >= SUSPECT);
  return (
    <Card
      title="What goes together"
      note="How strongly two columns go together: 0 is not at all, 1 is that one follows from the other; below 0, one falls while the other rises. It says nothing of causes."
    >
      {associations.length === 0 ? <p className="text-muted">No two columns go together noticeably.</p> : null}
      <div className={target === null ? '' : 'grid gap-8 md:grid-cols-2'}>
        {target !== null && associations.length > 0 ? (
          <section className="min-w-0">
            <h3 className="mb-3 font-medium break-words">Most strongly associated with {target}</h3>
            {suspects.length > 0 ? (
              <div className="mb-4">
                <Callout tone="warn" title="Is this known before the answer is?">
                  <p>
                    <span className="break-all">{suspects.map((one) => one.column).join(', ')}</span> nearly {suspects.length === 1 ? 'repeats' : 'repeat'} the target. Leave out what is not known at the
                    time of a prediction.
                  </p>
                </Callout>
              </div>
            ) : null}
            {withTarget.length === 0 ? <p className="text-muted">None of the strongest pairs of this table is with it.</p> : null}
            <Bars
              label={`Columns most strongly associated with ${target}`}
              data={{
                name: `Associations with ${target}`,
                columns: ['column', 'strength', 'measure'],
                rows: withTarget.map((one) => [one.column, one.value, measureName(one.measuredBy)]),
              }}
              bars={withTarget.map((one) => ({ key: one.column, name: one.column, value: Math.abs(one.value), text: strengthText(one.value, one.measuredBy) }))}
            />
          </section>
        ) : null}
        {others.length > 0 ? (
          <section className="min-w-0">
            <h3 className="mb-3 font-medium">{target === null ? 'The strongest pairs' : 'The strongest other pairs'}</h3>
            <Bars
              label="The strongest pairs of columns"
              data={{
                name: 'The strongest pairs of columns',
                columns: ['column', 'other column', 'strength', 'measure'],
                rows: others.map((one) => [one.left, one.right, one.value, measureName(one.measuredBy)]),
              }}
              bars={others.map((one) => ({
                key: JSON.stringify([one.left, one.right]),
                name: `${one.left} – ${one.right}`,
                value: Math.abs(one.value),
                text: strengthText(one.value, one.measuredBy),
              }))}
            />
          </section>
        ) : null}
      </div>
    </Card>
  );
}

const FIRST = 8;

function Bars({ label, bars, data }: Pick<ComponentProps<typeof BarList>, 'label' | 'bars' | 'data'>) {
  const [all, setAll] = useState(false);
  if (bars.length === 0) return null;
  return (
    <>
      <BarList full={1} label={label} bars={all ? bars : bars.slice(0, FIRST)} data={data} />
      {bars.length > FIRST ? (
        <div className="mt-4">
          <Button size="small" onClick={() => setAll(!all)}>
            {all ? `Only the first ${FIRST}` : `All ${formatCount(bars.length)}`}
          </Button>
        </div>
      ) : null}
    </>
  );
}
