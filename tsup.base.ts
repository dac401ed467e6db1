import { defineConfig, type Options } from 'tsup';

/** The build every package shares: ESM with types, one file per entry, nothing minified. */
export const libraryBuild = (overrides: Options = {}) =>
  defineConfig({
    entry: ['src/index.ts'],
    format: ['esm'],
    target: 'node20',
    platform: 'node',
    dts: { compilerOptions: { composite: false } },
    sourcemap: true,
    clean: true,
    silent: true,
    ...overrides,
  });
