import { type TableDefinition, TABLES } from '../tables.js';
import { arrowSchema } from './arrow-schema.js';
import { contractSummary } from './contract-summary.js';
import { duckDbCreateTable } from './duckdb-ddl.js';
import { firehoseInput } from './firehose-input.js';
import { glueTables } from './glue-tables.js';
import { jsonSchemaOf, RECORDS } from './json-schemas.js';
import { sparkSchema } from './spark-schema.js';
import {
  WINDOWED_METRICS_CURRENT,
  WINDOWED_METRICS_CURRENT_COLUMNS,
  windowedMetricsCurrentView,
} from './windowed-metrics-current.js';

/** Everything that is generated from the definitions: path below `contract/` to text. Pure. */
export function renderContract(): ReadonlyMap<string, string> {
  const view = WINDOWED_METRICS_CURRENT;
  return new Map([
    ['contract.json', json(contractSummary())],
    ['glue-tables.json', json({ tables: glueTables(), views: [glueView()] })],
    ['firehose-input.json', json(firehoseInput())],
    ['arrow-schemas.json', json(byTable(arrowSchema))],
    ['spark-schemas.json', json(byTable(sparkSchema))],
    ['duckdb.sql', TABLES.map((table) => `${duckDbCreateTable(table)};\n`).join('\n')],
    [`${view}.duckdb.sql`, `CREATE OR REPLACE VIEW ${view} AS\n${windowedMetricsCurrentView('duckdb')};\n`],
    [`${view}.athena.sql`, `CREATE OR REPLACE VIEW ${view} AS\n${windowedMetricsCurrentView('athena')}\n`],
    ...RECORDS.map((record) => [`json-schemas/${record.name}.json`, json(jsonSchemaOf(record))] as const),
  ]);
}

function glueView() {
  return { name: WINDOWED_METRICS_CURRENT, columns: WINDOWED_METRICS_CURRENT_COLUMNS };
}

function byTable<T>(render: (table: TableDefinition) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(TABLES.map((table) => [table.name, render(table)]));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
