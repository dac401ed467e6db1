import { athenaView, glueTables, TABLES, WINDOWED_METRICS_CURRENT } from '@pulselake/data-model';
import { AthenaFault } from './athena-fault.js';
import { CATALOG, DATABASE } from './execution.js';

interface CatalogColumn {
  readonly Name: string;
  readonly Type: string;
  readonly Comment?: string;
}

/** A table or view as GetTableMetadata shows it. */
export interface TableMetadata {
  readonly Name: string;
  readonly TableType: 'EXTERNAL_TABLE' | 'VIRTUAL_VIEW';
  readonly Columns: readonly CatalogColumn[];
  readonly PartitionKeys: readonly CatalogColumn[];
  readonly Parameters: Readonly<Record<string, string>>;
}

/** What the catalog of a deployed lake has, too: every table but the internal ones, and the view. */
export const TABLE_METADATA: readonly TableMetadata[] = [
  ...glueTables(TABLES).map(({ name, comment, format, columns, partitionKeys }) => ({
    Name: name,
    TableType: 'EXTERNAL_TABLE' as const,
    Columns: columns.map((column) => ({ Name: column.name, Type: column.type, Comment: column.comment })),
    PartitionKeys: partitionKeys.map((key) => ({ Name: key.name, Type: key.type })),
    Parameters: { EXTERNAL: 'TRUE', classification: format === 'parquet' ? 'parquet' : 'json', comment },
  })),
  {
    Name: WINDOWED_METRICS_CURRENT,
    TableType: 'VIRTUAL_VIEW' as const,
    Columns: athenaView({ database: DATABASE }).columns.map(({ name, type }) => ({ Name: name, Type: type })),
    PartitionKeys: [],
    Parameters: { presto_view: 'true', comment: 'Presto View' },
  },
].sort((a, b) => (a.Name < b.Name ? -1 : 1));

export const DATABASES = [{ Name: DATABASE, Description: 'The tables of the lake' }] as const;

/** @throws AthenaFault when it is another catalog than the one there is */
export function checkCatalog(name: string): void {
  if (name.toLowerCase() === CATALOG.toLowerCase()) return;
  throw new AthenaFault('MetadataException', `Catalog ${name} not found; there is ${CATALOG}`);
}

/** @throws AthenaFault when it is another database than the one there is */
export function checkDatabase(name: string): void {
  if (name.toLowerCase() === DATABASE) return;
  throw new AthenaFault('MetadataException', `Database ${name} not found; there is ${DATABASE}`);
}

/** @throws AthenaFault when there is no such table */
export function tableMetadata(name: string): TableMetadata {
  const table = TABLE_METADATA.find((each) => each.Name === name.toLowerCase());
  if (table) return table;
  throw new AthenaFault(
    'MetadataException',
    `Table ${name} not found; there are ${TABLE_METADATA.map((each) => each.Name).join(', ')}`,
  );
}
