/**
 * How the `pulselake` command is bundled, in a checkout and when it is published: with all that it needs but native code and
 * what few commands load. Reading some hundred files of its dependencies took half of the time of a short command.
 *
 * @satisfies {import('esbuild').BuildOptions}
 */
export const COMMAND_BUNDLE = {
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // parquetjs-lite makes variables without declaring them, which modules may not.
  external: ['@duckdb/node-bindings', '@aws-sdk/*', '@smithy/*', 'parquetjs-lite'],
  // Dependencies in CommonJS call `require`, which modules lack.
  banner: {
    js: `import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);`,
  },
};
