import { mergeConfig } from 'vitest/config';
import shared from '../../vitest.base.js';

/** Some proofs run the command as a program: it is built before them. */
export default mergeConfig(shared, {
  test: {
    globalSetup: '../../apps/workbench/test/support/build-runnable.ts',
    // Each starts processes of its own.
    maxConcurrency: 2,
  },
});
