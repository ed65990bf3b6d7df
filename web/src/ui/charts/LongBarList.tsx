import { useState, type ComponentProps } from 'react';
import { formatCount } from '../../lib/format';
import { Button } from '../Button';
import { BarList } from './BarList';

const FIRST = 12;

/** Bars of columns, the longest first, of which there may be thousands: the first of them, and all when asked. */
export function LongBarList({ bars, label, data }: Pick<ComponentProps<typeof BarList>, 'bars' | 'label' | 'data'>) {
  const [all, setAll] = useState(false);
  return (
    <>
      <BarList label={label} bars={all ? bars : bars.slice(0, FIRST)} data={data} />
      {bars.length > FIRST ? (
        <div className="mt-4">
          <Button size="small" onClick={() => setAll(!all)}>
            {all ? `Only the first ${FIRST}` : `All ${formatCount(bars.length)} columns`}
          </Button>
        </div>
      ) : null}
    </>
  );
}
