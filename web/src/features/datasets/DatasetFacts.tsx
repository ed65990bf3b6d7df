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
      missingShare
    }
  }
`);

const DELIMITERS: Record<string, string> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar', ' ': 'space' };

/** Size, format and warnings of a table. */
export function DatasetFacts({ profile }: { profile: FragmentType<typeof DatasetFactsProfile> }) {
  const { rows, sampledRows, duplicateRows, warnings, format, columns } = readFragment(DatasetFactsProfile, profile);
  const missing = columns.reduce((sum, column) => sum + column.missingShare, 0) / Math.max(1, columns.length);
  const kind = [
    format.type ? wordsOf(FILE_TYPES, format.type).name : null,
    format.delimiter ? `${DELIMITERS[format.delimiter] ?? format.delimiter} separated` : null,
    format.textEncoding ? wordsOf(ENCODINGS, format.textEncoding).name : null,
    format.compressedBy && format.compressedBy !== 'NONE' ? wordsOf(COMPRESSIONS, format.compressedBy).name : null,
    format.header ? null : 'without header',
  ].filter(Boolean);
  return (
    <div className="space-y-4">
      <dl className="grid grid-cols-2 gap-4 rounded-2xl border border-line bg-panel p-4 sm:grid-cols-4 sm:p-6 lg:grid-cols-5">
        <Fact name="Rows">
          {sampledRows === null ? formatCount(rows) : `${formatCount(rows)}, of which ${formatCount(sampledRows)} are used`}
        </Fact>
        <Fact name="Columns">{formatCount(columns.length)}</Fact>
        <Fact name="Missing values">{formatPercent(missing)}</Fact>
        <Fact name="Duplicate rows">{duplicateRows === null ? 'not counted' : formatCount(duplicateRows)}</Fact>
        <Fact name="Read as">{kind.join(', ').replaceAll('-', '\u2011')}</Fact>
      </dl>
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
