import { defaultExclude, defineConfig } from 'vitest/config';
import shared from '../../vitest.base.js';

const BROWSER_TESTS = ['test/page/{shell,metrics,health,traffic,sql}.test.ts'];
const test = { ...shared.test, expect: { poll: { timeout: 10_000 } } };

export default defineConfig({
  ...shared,
  test: {
    ...test,
    globalSetup: './test/support/build-runnable.ts',
    projects: [
      { ...shared, test: { ...test, name: 'command', exclude: [...defaultExclude, ...BROWSER_TESTS] } },
      {
        ...shared,
        // One browser at a time, when everything else is done: they share the machine's cores with nobody.
        test: { ...test, name: 'page', include: BROWSER_TESTS, fileParallelism: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
