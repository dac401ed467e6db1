import {
  WINDOWED_METRICS_CURRENT,
  WINDOWED_METRICS_CURRENT_COLUMNS,
  windowedMetricsCurrentView,
} from './windowed-metrics-current.js';
import type { GlueColumn } from './glue-tables.js';

/** The view as the Glue Data Catalog holds it for Athena. */
export interface AthenaView {
  readonly name: string;
  /** Creates the view through a query. */
  readonly createStatement: string;
  readonly columns: readonly Omit<GlueColumn, 'comment'>[];
  readonly parameters: Readonly<Record<string, string>>;
  /** To be stored as `ViewOriginalText`: `/* Presto View: <base64 of this> *\/`. */
  readonly prestoView: string;
}

/** Where the view is to lie. */
export interface AthenaViewOptions {
  /** The Glue database of `windowed_metrics`. Lower case. */
  readonly database: string;
  /** Default `awsdatacatalog`, Athena's name for the account's catalog. */
  readonly catalog?: string;
}

/**
 * `windowed_metrics_current` for Athena, as a statement and as an entry of the catalog.
 *
 * @see https://trino.io/docs/current/connector/hive.html#hive-views
 */
export function athenaView({ database, catalog = 'awsdatacatalog' }: AthenaViewOptions): AthenaView {
  const select = windowedMetricsCurrentView('athena');
  return {
    name: WINDOWED_METRICS_CURRENT,
    createStatement: `CREATE OR REPLACE VIEW ${WINDOWED_METRICS_CURRENT} AS\n${select}`,
    columns: WINDOWED_METRICS_CURRENT_COLUMNS.map(({ name, type }) => ({ name, type: HIVE_TYPES[type] })),
    parameters: { presto_view: 'true', comment: 'Presto View' },
    prestoView: JSON.stringify({
      originalSql: select,
      catalog,
      schema: database,
      columns: WINDOWED_METRICS_CURRENT_COLUMNS,
      runAsInvoker: true,
    }),
  };
}

const HIVE_TYPES = {
  varchar: 'string',
  double: 'double',
  bigint: 'bigint',
  integer: 'int',
  'timestamp(3)': 'timestamp',
} as const;
