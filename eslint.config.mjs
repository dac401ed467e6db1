import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/**
 * What may import what: `data-model` ← `processing`, `generators`, `dashboards` ← `lake`, `aws-clients` ← apps. Tests of
 * libraries and apps use test support; it is no package that is published.
 */
const depConstraints = [
  { sourceTag: 'type:model', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'type:processing', onlyDependOnLibsWithTags: ['type:model'] },
  { sourceTag: 'type:generators', onlyDependOnLibsWithTags: ['type:model'] },
  { sourceTag: 'type:dashboards', onlyDependOnLibsWithTags: ['type:model'] },
  { sourceTag: 'type:lake', onlyDependOnLibsWithTags: ['type:model', 'type:processing', 'type:dashboards'] },
  { sourceTag: 'type:aws-clients', onlyDependOnLibsWithTags: ['type:model', 'type:dashboards', 'scope:test-support'] },
  { sourceTag: 'type:cost-model', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'type:job-control', onlyDependOnLibsWithTags: ['type:aws-clients', 'scope:test-support'] },
  // Of a new library, until it has a place of its own here.
  { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:model'] },
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['scope:lib', 'scope:test-support'] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['scope:lib', 'scope:app', 'scope:tool', 'scope:test-support'] },
  { sourceTag: 'scope:test-support', onlyDependOnLibsWithTags: ['scope:test-support'] },
];

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      '**/target',
      '**/out-tsc',
      '**/coverage',
      '**/.venv',
      '.nx',
      '**/fixtures',
      'libs/data-model/contract',
    ],
  },
  eslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          depConstraints,
          enforceBuildableLibDependency: true,
          allow: [
            '../../tsup.base.js',
            '../../vitest.base.js',
            '../../tools/command-bundle.mjs',
            '../../new-lib.mjs',
            '../../copy-checkout.mjs',
          ],
        },
      ],
      // Numbers and booleans read well in messages; objects would not.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // Byte loops read typed arrays by index that the loop's bounds already prove.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ['libs/*/src/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', { name: 'process', message: 'Libraries take settings as parameters.' }],
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Randomness comes in as a parameter.' },
        { object: 'Date', property: 'now', message: 'The clock comes in as a parameter.' },
      ],
    },
  },
  {
    files: ['**/test/**/*.ts'],
    // Tests spread texts into their code points on purpose.
    rules: { '@typescript-eslint/no-misused-spread': 'off' },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        document: 'readonly',
        window: 'readonly',
        fetch: 'readonly',
        location: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
  prettier,
);
