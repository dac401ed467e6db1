// node run-typescript.mjs FILE.ts ARGUMENTS…: runs a program of the tests with the workspace's sources.
import { runnerImport } from 'vite';

process.argv.splice(1, 1);
const conditions = ['@pulselake/source', 'module', 'node', 'development|production'];
await runnerImport(process.argv[1], {
  configFile: false,
  logLevel: 'error',
  environments: { inline: { resolve: { conditions, noExternal: [/^@pulselake\//] } } },
});
