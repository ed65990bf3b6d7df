import { graphql, readFragment, type FragmentType } from '../../gql';
import { formatCount, formatPercent } from '../../lib/format';
import { COMPRESSIONS, ENCODINGS, FILE_TYPES, wordsOf } from '../../lib/words';
import { Callout } from '../../ui/Callout';
import { Fact } from '../../ui/Fact';

const DatasetFactsProfile = graphql(`
  fragment DatasetFacts_profile on DatasetProfile {
    rows
    sampledRows
    duplicateRows
    warnings
    format {
      type
      delimiter
      textEncoding
      header
      compressedBy
    }
    columns {
      missing
    }
  }
`);

const DELIMITERS: Record<string, string> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars', ' ': 'spaces' };

/** Size of a table, how its file was read, and warnings. */
export function DatasetFacts({ profile }: { profile: FragmentType<typeof DatasetFactsProfile> }) {
  const { rows, sampledRows, duplicateRows, warnings, format, columns } = readFragment(DatasetFactsProfile, profile);
  const missing = columns.reduce((sum, column) => sum + column.missing, 0) / Math.max(1, rows * columns.length);
  // No break inside “UTF-8”.
  const encoding = format.textEncoding ? wordsOf(ENCODINGS, format.textEncoding).name.replaceAll('-', '\u2011') : null;
  return (
    <div className="space-y-4">
      <div className="rounded-2xl border border-line bg-panel p-4 sm:p-6">
        <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
          <Fact name="Rows">
            {sampledRows === null ? formatCount(rows) : `${formatCount(rows)}, of which ${formatCount(sampledRows)} are used`}
          </Fact>
          <Fact name="Columns">{formatCount(columns.length)}</Fact>
          <Fact name="Missing values">{formatPercent(missing)}</Fact>
          <Fact name="Duplicate rows">{duplicateRows === null ? 'not counted' : formatCount(duplicateRows)}</Fact>
        </dl>
        <dl aria-label="How the file was read" className="mt-4 grid grid-cols-2 gap-4 border-t border-line pt-4 sm:grid-cols-4">
          <Fact name="Read as">
            {format.type ? wordsOf(FILE_TYPES, format.type).name : 'a table'}
            {format.compressedBy && format.compressedBy !== 'NONE' ? `, packed by ${wordsOf(COMPRESSIONS, format.compressedBy).name}` : ''}
          </Fact>
          {format.delimiter ? <Fact name="Separated by">{DELIMITERS[format.delimiter] ?? format.delimiter}</Fact> : null}
          {encoding ? <Fact name="Encoding">{encoding}</Fact> : null}
          <Fact name="Names of columns">{format.header ? 'from the file' : 'none in the file; made up'}</Fact>
        </dl>
      </div>
      {warnings.length > 0 ? (
        <Callout tone="warn" title="Worth knowing">
          <ul className="list-disc pl-5">
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Callout>
      ) : null}
    </div>
  );
}
