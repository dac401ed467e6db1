import type { GlueTable } from '@pulselake/data-model';
import type { CfnTable } from 'aws-cdk-lib/aws-glue';

export interface TableInputOptions {
  /** `s3://bucket`, without a slash at the end. */
  readonly lakeUri: string;
  /** The first UTC day that queries look for, `YYYY-MM-DD`. */
  readonly firstDay: string;
}

const PARQUET = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
};

const TEXT = {
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
};

/**
 * A table as the Glue Data Catalog takes it, its days found by projection: nobody ever adds a partition. Pure.
 *
 * @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
 */
export function tableInput(table: GlueTable, { lakeUri, firstDay }: TableInputOptions): CfnTable.TableInputProperty {
  const location = `${lakeUri}/${table.prefix}`;
  const projection = table.partitionKeys.flatMap(({ name, projection: by }): [string, string][] =>
    by.type === 'enum'
      ? [
          [`projection.${name}.type`, 'enum'],
          [`projection.${name}.values`, by.values.join(',')],
        ]
      : [
          [`projection.${name}.type`, 'date'],
          [`projection.${name}.format`, 'yyyy-MM-dd'],
          [`projection.${name}.range`, `${firstDay},NOW+1DAYS`],
          [`projection.${name}.interval`, '1'],
          [`projection.${name}.interval.unit`, 'DAYS'],
        ],
  );
  const template = table.partitionKeys.map(({ name }) => `${name}=\${${name}}/`).join('');
  return {
    name: table.name,
    description: table.comment,
    tableType: 'EXTERNAL_TABLE',
    parameters: {
      EXTERNAL: 'TRUE',
      classification: table.format === 'parquet' ? 'parquet' : 'json',
      'projection.enabled': 'true',
      ...Object.fromEntries(projection),
      'storage.location.template': `${location}/${template}`,
    },
    partitionKeys: table.partitionKeys.map(({ name, type }) => ({ name, type })),
    storageDescriptor: {
      columns: table.columns.map(({ name, type, comment }) => ({ name, type, comment })),
      location: `${location}/`,
      ...(table.serde
        ? { ...TEXT, serdeInfo: { serializationLibrary: table.serde.library, parameters: table.serde.parameters } }
        : PARQUET),
    },
  };
}
