import { mergeConfig } from 'vitest/config';
import shared from '../../vitest.base.js';

export default mergeConfig(shared, {
  test: { globalSetup: './test/support/build-runnable.ts', expect: { poll: { timeout: 10_000 } } },
});
