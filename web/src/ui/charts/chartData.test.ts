import { expect, test } from 'vitest';
import { fileNameOf, toCsv } from './chartData';

test('cells with separators, quotes and line ends are quoted; numbers and blanks are not', () => {
  const csv = toCsv({ name: 'x', columns: ['a', 'b, c'], rows: [[1.5, 'say "no"'], [null, 'two\nlines']] });
  expect(csv).toBe('a,"b, c"\r\n1.5,"say ""no"""\r\n,"two\nlines"\r\n');
});

test('file names are plain, and never empty', () => {
  expect(fileNameOf('ROC curve: yes / no', 'svg')).toBe('roc-curve-yes-no.svg');
  expect(fileNameOf('Größe', 'csv')).toBe('größe.csv');
  expect(fileNameOf('../..', 'png')).toBe('chart.png');
});
