import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
// eslint-disable-next-line @nx/enforce-module-boundaries -- data of an app that has no code to be called by others
import { NAMED_QUERIES } from '@pulselake/infrastructure/named-queries';
import { contractStatements } from './contract-statements.js';
import { dashboardStatements } from './dashboard-statements.js';
import { grafanaStatements } from './grafana-statements.js';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Say where the statements are to be written: main.js FILE.');

const statements = [
  ...contractStatements(),
  ...dashboardStatements(),
  ...grafanaStatements(),
  ...NAMED_QUERIES.map(({ name, sql }) => ({ name: `named: ${name}`, sql })),
];
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, `${JSON.stringify(statements, null, 2)}\n`);
