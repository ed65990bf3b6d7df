import { formatSentence } from '../lib/format';

/** A clause of the server as a sentence; the names that it has between backticks look like names. */
export function Sentence({ clause }: { clause: string }) {
  return formatSentence(clause)
    .split('`')
    .map((part, place) =>
      place % 2 === 1 ? (
        <code key={place} className="rounded bg-sunken px-1 py-0.5 text-[0.9em] break-all">
          {part}
        </code>
      ) : (
        part
      ),
    );
}
