import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { athenaView } from '@pulselake/data-model';
import type { Statement } from './statement.js';

/** The statements that are committed for Athena, and the view as the catalog holds it. */
export function contractStatements(): Statement[] {
  const folder = dirname(fileURLToPath(import.meta.resolve('@pulselake/data-model/contract/glue-tables.json')));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.athena.sql'),
  );
  const view = athenaView({ database: 'pulselake' });
  const { originalSql } = JSON.parse(view.prestoView) as { readonly originalSql: string };
  return [
    ...files.map((file) => ({ name: `contract: ${file}`, sql: readFileSync(join(folder, file), 'utf8') })),
    { name: `view: ${view.name}, statement`, sql: view.createStatement },
    { name: `view: ${view.name}, in the catalog`, sql: originalSql },
  ];
}
