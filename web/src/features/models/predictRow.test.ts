import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { byImportance, parseNumber, refuseValue, slideOf, toRow, typicalValues, type PredictInput } from './predictRow';
import { curlSnippet, pythonSnippet, quoteShell } from './snippets';

const AGE: PredictInput = { name: 'age', kind: 'NUMBER', min: 17, max: 90, examples: [], typical: '37' };
const JOB: PredictInput = { name: 'job', kind: 'TEXT', min: null, max: null, examples: ['clerk'], typical: 'clerk' };

it.each([
  ['12', 12],
  ['-0.5', -0.5],
  ['3,5', 3.5],
  ['1e3', 1000],
  ['.5', 0.5],
  ['2 rooms', null],
  ['1,234,567', null],
  ['0x10', null],
  ['', null],
  ['1e999', null],
])('%j as a number', (text, value) => expect(parseNumber(text)).toBe(value));

describe('toRow', () => {
  it('sends numbers as numbers, texts as texts, blanks as missing', () => {
    expect(toRow([AGE, JOB], { age: ' 40 ', job: '12' })).toEqual({ age: 40, job: '12' });
    expect(toRow([AGE, JOB], { age: '  ' })).toEqual({ age: null, job: null });
  });
  it('sends nothing while a number is none', () => {
    expect(toRow([AGE, JOB], { age: 'old', job: 'clerk' })).toBeNull();
    expect(refuseValue(AGE, 'old')).toMatch(/no number/);
    expect(refuseValue(AGE, '')).toBeNull();
    expect(refuseValue(JOB, 'old')).toBeNull();
  });
  it('starts from the typical row', () => {
    expect(toRow([AGE, JOB], typicalValues([AGE, JOB]))).toEqual({ age: 37, job: 'clerk' });
  });
});

it('puts important inputs first', () => {
  expect(byImportance([AGE, JOB], [{ column: 'job', importance: 0.2 }]).map((one) => one.name)).toEqual(['job', 'age']);
});

describe('snippets', () => {
  const row = { name: `O'Brien "x" \\n $HOME \`id\``, age: null };
  it('survive a shell', () => {
    expect(execFileSync('sh', ['-c', `printf %s ${quoteShell(JSON.stringify(row))}`], { encoding: 'utf8' })).toBe(JSON.stringify(row));
    const body = curlSnippet('http://localhost:8080', { modelId: 'm1' }, row).split('--data-binary ')[1] ?? '';
    const said: unknown = JSON.parse(execFileSync('sh', ['-c', `printf %s ${body}`], { encoding: 'utf8' }));
    expect(said).toMatchObject({ variables: { input: { modelId: 'm1', rows: [row] } } });
  });
  it('carry null to Python as text', () => {
    const line = pythonSnippet('http://localhost:8080', { modelId: 'm1' }, row)
      .split('\n')
      .find((one) => one.startsWith('rows = '));
    const inner = /json\.loads\((.*)\)$/.exec(line ?? '')?.[1] ?? '';
    expect(JSON.parse(JSON.parse(inner) as string)).toEqual([row]);
  });
});

it('a slider goes through what was seen in round steps', () => {
  expect(slideOf(AGE, '50')).toEqual({ min: 17, max: 90, step: 1, value: 50 });
  expect(slideOf(AGE, '')).toMatchObject({ value: 37 });
  expect(slideOf(AGE, '400')).toMatchObject({ value: 90 });
  expect(slideOf({ ...AGE, min: 0.13, max: 2.58, typical: '0.7' }, 'x')).toEqual({ min: 0.13, max: 2.58, step: 0.01, value: 0.7 });
  expect(slideOf({ ...AGE, min: 13.4, max: 99_000.7, typical: '80.5' }, '')).toMatchObject({ min: 1000, max: 99_000, step: 1000 });
  expect(slideOf({ ...AGE, max: 17 }, '')).toBeNull();
  expect(slideOf(JOB, 'clerk')).toBeNull();
});
