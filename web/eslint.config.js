import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'src/gql'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strict, jsxA11y.flatConfigs.recommended, reactHooks.configs.flat.recommended],
    rules: {
      'max-lines': ['error', 300],
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  {
    // Scripts that run in Node, some of whose callbacks run in the page.
    files: ['**/*.mjs', 'eslint.config.js', 'public/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly', console: 'readonly', URL: 'readonly', Buffer: 'readonly', setTimeout: 'readonly',
        clearTimeout: 'readonly', setInterval: 'readonly', clearInterval: 'readonly', fetch: 'readonly',
        document: 'readonly', window: 'readonly', localStorage: 'readonly', sessionStorage: 'readonly', matchMedia: 'readonly', getComputedStyle: 'readonly',
      },
    },
  },
);
