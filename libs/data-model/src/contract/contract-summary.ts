import * as limits from '../limits.js';
import { REJECT_REASONS } from '../reject-reason.js';
import { PIPELINE_STAGES } from '../pipeline-run.js';
import { type ColumnDefinition, type TableDefinition, TABLES } from '../tables.js';
import { DEFAULT_WINDOW_SETTINGS } from '../window-settings.js';
import {
  METRIC_EVENT_CSV_COLUMNS,
  METRIC_EVENT_CSV_OPTIONAL_COLUMNS,
  WINDOWED_METRIC_CSV_COLUMNS,
  WINDOWED_METRIC_CSV_OPTIONAL_COLUMNS,
} from '../windowed-metric.js';
import { glueType } from './glue-tables.js';
import { jsonSchemaOf, type RecordDefinition, RECORDS } from './json-schemas.js';
import { WINDOWED_METRICS_CURRENT, WINDOWED_METRICS_CURRENT_COLUMNS } from './windowed-metrics-current.js';

/** What one release promises to the next, in a form that can be compared. */
export interface ContractSummary {
  readonly tables: Readonly<Record<string, ContractTable>>;
  readonly views: Readonly<Record<string, { readonly columns: readonly ContractViewColumn[] }>>;
  readonly records: Readonly<Record<string, ContractRecord>>;
  readonly csv: Readonly<Record<string, { readonly needed: readonly string[]; readonly optional: readonly string[] }>>;
  /** In their order of precedence. */
  readonly rejectReasons: readonly string[];
  readonly stages: readonly string[];
  readonly windowSettings: Readonly<Record<string, number>>;
  readonly limits: Readonly<Record<string, number>>;
}

/** A table in the contract's summary. */
export interface ContractTable {
  readonly prefix: string;
  readonly format: string;
  readonly partitions: readonly { readonly name: string; readonly values: 'day' | readonly string[] }[];
  readonly columns: readonly ContractColumn[];
}

/** A column of a table, or a field of a structure, in the contract's summary. */
export interface ContractColumn {
  readonly name: string;
  /** The name in JSON. */
  readonly field: string;
  /** A Hive type; of structures only `struct` or `array<struct>`, their fields stand in `fields`. */
  readonly type: string;
  readonly nullable: boolean;
  readonly fields?: readonly ContractColumn[];
}

/** A column of the view `windowed_metrics_current`, its type in Trino's words. */
export interface ContractViewColumn {
  readonly name: string;
  readonly type: string;
}

/** A record in the contract's summary: `in` is written by others, `out` by Pulselake. */
export interface ContractRecord {
  readonly direction: 'in' | 'out';
  /** JSON Schema. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** The contract of these definitions; by default, of this release. */
export function contractSummary(
  tables: readonly TableDefinition[] = TABLES,
  records: readonly RecordDefinition[] = RECORDS,
): ContractSummary {
  return {
    tables: Object.fromEntries(tables.map((table) => [table.name, contractTable(table)])),
    views: { [WINDOWED_METRICS_CURRENT]: { columns: WINDOWED_METRICS_CURRENT_COLUMNS } },
    records: Object.fromEntries(
      records.map((record) => [record.name, { direction: record.direction, schema: jsonSchemaOf(record) }]),
    ),
    csv: {
      'windowed-metrics': { needed: WINDOWED_METRIC_CSV_COLUMNS, optional: WINDOWED_METRIC_CSV_OPTIONAL_COLUMNS },
      'metric-events': { needed: METRIC_EVENT_CSV_COLUMNS, optional: METRIC_EVENT_CSV_OPTIONAL_COLUMNS },
    },
    rejectReasons: REJECT_REASONS,
    stages: PIPELINE_STAGES,
    windowSettings: { ...DEFAULT_WINDOW_SETTINGS },
    limits: {
      maxRecordBytes: limits.MAX_RECORD_BYTES,
      maxNameLength: limits.MAX_NAME_LENGTH,
      maxUnitLength: limits.MAX_UNIT_LENGTH,
      maxEventIdLength: limits.MAX_EVENT_ID_LENGTH,
      maxRawBytes: limits.MAX_RAW_BYTES,
      maxSampleCount: limits.MAX_SAMPLE_COUNT,
    },
  };
}

function contractTable({ prefix, format, partitions, columns }: TableDefinition): ContractTable {
  return {
    prefix,
    format,
    partitions: partitions.map(({ name, values }) => ({ name, values })),
    columns: columns.map(contractColumn),
  };
}

function contractColumn({ name, field, type, nullable }: ColumnDefinition): ContractColumn {
  if (typeof type === 'object' && 'struct' in type) {
    return { name, field, type: 'struct', nullable, fields: type.struct.map(contractColumn) };
  }
  if (typeof type === 'object' && 'array' in type && type.array !== 'string') {
    return { name, field, type: 'array<struct>', nullable, fields: type.array.map(contractColumn) };
  }
  return { name, field, type: glueType(type), nullable };
}
