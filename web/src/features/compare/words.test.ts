import { expect, it } from 'vitest';
import { settingWords } from './words';

it('tells settings as the form does, in whichever letters they come', () => {
  expect(settingWords('PROBLEM', 'binary')).toBe('Yes / no classification');
  expect(settingWords('METRIC', 'roc_auc')).toBe('ROC AUC');
  expect(settingWords('PRESET', 'BALANCED')).toBe('Balanced');
  expect(settingWords('BUDGET_SECONDS', '90')).toBe('1 min 30 s');
});

it('leaves names and what it does not know as they are', () => {
  expect(settingWords('TARGET', 'body_mass_g')).toBe('body_mass_g');
  expect(settingWords('PRESET', 'slowest_of_all')).toBe('slowest of all');
  expect(settingWords('EXCLUDE', null)).toBeNull();
});
