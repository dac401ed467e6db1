import { CreateDatabaseCommand, CreateTableCommand, type GlueClient, type TableInput } from '@aws-sdk/client-glue';
import { athenaView, type GluePartitionKey, type GlueTable } from '@pulselake/data-model';

export interface CatalogOptions {
  readonly catalog: string;
  readonly database: string;
  /** `s3://BUCKET/PREFIX`, where the tables' prefixes lie. */
  readonly location: string;
  /** The first that queries look for, `YYYY-MM-DD`. */
  readonly firstDay: string;
}

const PARQUET = {
  InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
};

const TEXT = {
  InputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  OutputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
};

/** Makes the database, the tables of the contract and the view, as a deployment does. */
export async function makeCatalog(
  glue: GlueClient,
  tables: readonly GlueTable[],
  options: CatalogOptions,
): Promise<void> {
  const { catalog, database } = options;
  await glue.send(new CreateDatabaseCommand({ DatabaseInput: { Name: database } }));
  for (const table of tables) {
    await glue.send(new CreateTableCommand({ DatabaseName: database, TableInput: tableInput(table, options) }));
  }
  const view = athenaView({ catalog, database });
  const encoded = Buffer.from(view.prestoView).toString('base64');
  const TableInput: TableInput = {
    Name: view.name,
    TableType: 'VIRTUAL_VIEW',
    Parameters: { ...view.parameters },
    ViewOriginalText: `/* Presto View: ${encoded} */`,
    ViewExpandedText: '/* Presto View */',
    StorageDescriptor: {
      Columns: view.columns.map(({ name, type }) => ({ Name: name, Type: type })),
      SerdeInfo: {},
    },
    PartitionKeys: [],
  };
  await glue.send(new CreateTableCommand({ DatabaseName: database, TableInput }));
}

function tableInput(table: GlueTable, { location, firstDay }: CatalogOptions): TableInput {
  const root = `${location}/${table.prefix}`;
  const path = table.partitionKeys.map(({ name }) => `${name}=\${${name}}`).join('/');
  return {
    Name: table.name,
    TableType: 'EXTERNAL_TABLE',
    Parameters: {
      EXTERNAL: 'TRUE',
      'projection.enabled': 'true',
      'storage.location.template': `${root}/${path}/`,
      ...Object.fromEntries(table.partitionKeys.flatMap((key) => projection(key, `${firstDay},NOW+1DAYS`))),
    },
    StorageDescriptor: {
      Columns: table.columns.map(({ name, type, comment }) => ({ Name: name, Type: type, Comment: comment })),
      Location: `${root}/`,
      ...(table.serde
        ? {
            ...TEXT,
            SerdeInfo: { SerializationLibrary: table.serde.library, Parameters: { ...table.serde.parameters } },
          }
        : PARQUET),
    },
    PartitionKeys: table.partitionKeys.map(({ name, type }) => ({ Name: name, Type: type })),
  };
}

function projection({ name, projection: of }: GluePartitionKey, range: string): [string, string][] {
  const property = (key: string) => `projection.${name}.${key}`;
  if (of.type === 'enum')
    return [
      [property('type'), 'enum'],
      [property('values'), of.values.join(',')],
    ];
  return [
    [property('type'), 'date'],
    [property('range'), range],
    [property('format'), 'yyyy-MM-dd'],
    [property('interval'), '1'],
    [property('interval.unit'), 'DAYS'],
  ];
}
