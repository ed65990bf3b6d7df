import { Download } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { formatNumber } from '../../lib/format';
import { startDownload } from '../../lib/startDownload';
import { Button } from '../Button';
import { fileNameOf, toCsv, type ChartData } from './chartData';
import { asPng, asSvg } from './picture';

/** Rows of the table at most; the file has all of them. */
const SHOWN = 200;

type ChartFrameProps = {
  data: ChartData;
  /** What is drawn into files, where the page shows no drawing; it is in the page only while it may be wanted. */
  picture?: ReactNode;
  children: ReactNode;
};

/** A chart with what can be done with it: the same as a table, and as files. Without `picture` the first `svg` inside is the drawing. */
export function ChartFrame({ data, picture, children }: ChartFrameProps) {
  const place = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  const save = (ending: string, blob: Blob) => {
    const url = URL.createObjectURL(blob);
    startDownload(url, fileNameOf(data.name, ending));
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  const savePicture = async (ending: 'svg' | 'png') => {
    setFailure(null);
    const svg = place.current?.querySelector<SVGSVGElement>(picture ? 'svg[data-picture]' : 'svg');
    if (!svg) return;
    try {
      save(ending, ending === 'png' ? await asPng(svg) : new Blob([asSvg(svg)], { type: 'image/svg+xml' }));
    } catch {
      setFailure('The browser could not make the picture. Save it as SVG instead.');
    }
  };

  return (
    <div className="relative">
      <div ref={place}>
        {children}
        {open ? picture : null}
      </div>
      <div className="-mr-2.5 -mb-2 mt-1 flex flex-wrap justify-end gap-1">
        {open ? (
          <>
            <Button size="small" look="faint" onClick={() => void savePicture('png')} aria-label={`PNG of ${data.name}`}>
              PNG
            </Button>
            <Button size="small" look="faint" onClick={() => void savePicture('svg')} aria-label={`SVG of ${data.name}`}>
              SVG
            </Button>
            <Button size="small" look="faint" onClick={() => save('csv', new Blob([toCsv(data)], { type: 'text/csv' }))} aria-label={`CSV of ${data.name}`}>
              CSV
            </Button>
          </>
        ) : null}
        <Button size="small" look="faint" aria-expanded={open} onClick={() => setOpen(!open)} aria-label={open ? `Close: ${data.name}` : `Data and files: ${data.name}`}>
          {open ? 'Close' : <Download aria-hidden className="size-4" />}
        </Button>
      </div>
      {failure !== null ? (
        <p role="alert" className="mt-1 text-right text-bad">
          {failure}
        </p>
      ) : null}
      {open ? <DataTable data={data} /> : null}
    </div>
  );
}

function DataTable({ data }: { data: ChartData }) {
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div role="region" aria-label={`Table: ${data.name}`} tabIndex={0} className="mt-2 max-h-64 overflow-auto rounded-lg border border-line">
      <table className="tabular w-full text-xs">
        <thead className="sticky top-0 bg-sunken">
          <tr>
            {data.columns.map((column) => (
              <th key={column} scope="col" className="px-2 py-1.5 text-left font-medium">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {data.rows.slice(0, SHOWN).map((row, place) => (
            <tr key={place}>
              {row.map((cell, column) => (
                <td key={column} className="px-2 py-1 break-words">
                  {typeof cell === 'number' ? formatNumber(cell) : (cell ?? '–')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {data.rows.length > SHOWN ? <p className="p-2 text-xs text-muted">The first {SHOWN} rows; the CSV file has all of them.</p> : null}
    </div>
  );
}
