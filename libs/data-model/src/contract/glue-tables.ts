import { type ColumnDefinition, type ColumnType, type TableDefinition, TABLES } from '../tables.js';

/** A column as the Glue Data Catalog holds it. */
export interface GlueColumn {
  readonly name: string;
  /** A Hive type, for example `array<struct<uri:string,inputid:string>>`. */
  readonly type: string;
  readonly comment: string;
}

/** A partition key and how Athena projects it. */
export interface GluePartitionKey {
  readonly name: string;
  readonly type: 'string';
  /** `date` has the format `yyyy-MM-dd` and steps of one day; its range is the deployment's. */
  readonly projection: { readonly type: 'date' } | { readonly type: 'enum'; readonly values: readonly string[] };
}

/** A table as the Glue Data Catalog and Athena hold it. */
export interface GlueTable {
  readonly name: string;
  /** First segment of the keys below the lake's prefix. */
  readonly prefix: string;
  readonly format: TableDefinition['format'];
  readonly comment: string;
  readonly columns: readonly GlueColumn[];
  readonly partitionKeys: readonly GluePartitionKey[];
  /** How JSON Lines are read; absent for Parquet. */
  readonly serde?: { readonly library: string; readonly parameters: Readonly<Record<string, string>> };
}

/** A column's type in Hive's words. Fields of structures are camelCase names in lower case: Hive and Trino know no other. */
export function glueType(type: ColumnType): string {
  if (typeof type === 'string') return type;
  if ('map' in type) return `map<string,${glueType(type.map)}>`;
  if ('struct' in type) return struct(type.struct);
  return `array<${type.array === 'string' ? 'string' : struct(type.array)}>`;
}

/** A table for the catalog. */
export function glueTable(table: TableDefinition): GlueTable {
  return {
    name: table.name,
    prefix: table.prefix,
    format: table.format,
    comment: table.comment,
    columns: table.columns.map(({ name, type, comment }) => ({ name, type: glueType(type), comment })),
    partitionKeys: table.partitions.map(({ name, values }) => ({
      name,
      type: 'string',
      projection: values === 'day' ? { type: 'date' } : { type: 'enum', values },
    })),
    ...(table.format === 'json-lines' && {
      serde: { library: OPENX_JSON_SERDE, parameters: openXParameters(table) },
    }),
  };
}

/** Every table of a deployed lake; what only the embedded lake knows is left out. */
export function glueTables(tables: readonly TableDefinition[] = TABLES): GlueTable[] {
  return tables.filter(({ internal }) => internal !== true).map(glueTable);
}

/**
 * Parameters of the OpenX JSON SerDe that read camelCase keys into columns.
 *
 * A mapping holds at every depth, so one name may stand for one key only.
 *
 * @throws Error when two fields of different keys have the same name
 * @see https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html
 */
export function openXParameters(table: TableDefinition): Record<string, string> {
  const keys = new Map<string, string>();
  const add = (name: string, key: string) => {
    const other = keys.get(name);
    if (other !== undefined && other !== key) {
      throw new Error(`${table.name}: ${name} would stand for ${other} and for ${key}. Rename one of the fields.`);
    }
    keys.set(name, key);
  };
  for (const { name, field, type } of table.columns) {
    add(name, field);
    for (const nested of fieldsWithin(type)) add(nested.toLowerCase(), nested);
  }
  const mapped = [...keys].filter(([name, key]) => name !== key);
  return {
    'case.insensitive': 'false',
    ...Object.fromEntries(mapped.map(([name, key]) => [`mapping.${name}`, key])),
  };
}

const OPENX_JSON_SERDE = 'org.openx.data.jsonserde.JsonSerDe';

function struct(columns: readonly ColumnDefinition[]): string {
  return `struct<${columns.map(({ field, type }) => `${field.toLowerCase()}:${glueType(type)}`).join(',')}>`;
}

function fieldsWithin(type: ColumnType): string[] {
  if (typeof type === 'string' || 'map' in type) return [];
  const columns = 'struct' in type ? type.struct : type.array === 'string' ? [] : type.array;
  return columns.flatMap((column) => [column.field, ...fieldsWithin(column.type)]);
}
