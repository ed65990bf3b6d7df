import { expect, it } from 'vitest';
import { targetNotes, type TargetFigures } from './targetNotes';

const figures = (part: Partial<TargetFigures>): TargetFigures => ({ missing: 0, distinct: 2, topValues: [], mean: null, median: null, sd: null, ...part });
const classes = (...counts: number[]) => figures({ distinct: counts.length, topValues: counts.map((count, place) => ({ value: `k${place}`, count })) });

it.each<[string, ReturnType<typeof targetNotes>, RegExp[]]>([
  ['even classes', targetNotes('BINARY', classes(60, 40), 100), []],
  ['a rare class', targetNotes('BINARY', classes(960, 40), 1000), [/only 4% of the rows are “k1”/]],
  ['a rare class of few rows', targetNotes('BINARY', classes(96, 4), 100), [/Unbalanced/, /“k1” occurs 4 times/]],
  ['many classes of the same size are not unbalanced', targetNotes('MULTICLASS', classes(...Array.from({ length: 20 }, () => 50)), 1000), []],
  ['rows without a target do not count', targetNotes('BINARY', { ...classes(30, 30), missing: 940 }, 1000), []],
  ['classes that are not all known', targetNotes('MULTICLASS', { ...classes(30, 30), distinct: 40 }, 1000), []],
  ['an even number', targetNotes('REGRESSION', figures({ mean: 5, median: 5.1, sd: 2 }), 100), []],
  ['a tail', targetNotes('REGRESSION', figures({ mean: 9, median: 5, sd: 8 }), 100), [/large values pull the mean up, to 9/]],
  ['a tail to the left', targetNotes('REGRESSION', figures({ mean: 1, median: 5, sd: 8 }), 100), [/small values pull the mean down/]],
  ['one value', targetNotes('REGRESSION', figures({ mean: 1, median: 5, sd: 0 }), 100), []],
])('%s', (_, notes, expected) => {
  expect(notes).toHaveLength(expected.length);
  expected.forEach((pattern, place) => expect(notes[place]).toMatch(pattern));
});
