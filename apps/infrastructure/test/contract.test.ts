import {
  type ColumnDefinition,
  type FirehoseInput,
  type GlueTable,
  glueTable,
  glueTables,
  type TableDefinition,
  TABLES,
  WINDOWED_METRICS,
} from '@pulselake/data-model';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { Synthesized } from './support/synthesized.js';

const require = createRequire(import.meta.url);
const contract = require('@pulselake/data-model/contract/glue-tables.json') as { tables: GlueTable[] };
const input = require('@pulselake/data-model/contract/firehose-input.json') as FirehoseInput;

interface TableInput {
  readonly Name: string;
  readonly TableType: string;
  readonly Parameters: Record<string, string>;
  readonly PartitionKeys?: { Name: string; Type: string }[];
  readonly StorageDescriptor: {
    Columns: { Name: string; Type: string; Comment?: string }[];
    Location?: unknown;
    SerdeInfo: { SerializationLibrary?: string; Parameters?: Record<string, string> };
  };
}

const tablesOf = (synthesized: Synthesized) =>
  new Map(
    synthesized
      .resources('lake', 'AWS::Glue::Table')
      .map(({ Properties }) => Properties['TableInput'] as TableInput)
      .map((table) => [table.Name, table]),
  );

interface Conversion {
  readonly InputFormatConfiguration: {
    Deserializer: {
      OpenXJsonSerDe: {
        CaseInsensitive: boolean;
        ConvertDotsInJsonKeysToUnderscores: boolean;
        ColumnToJsonKeyMappings: unknown;
      };
    };
  };
  readonly SchemaConfiguration: { DatabaseName: string; TableName: { 'Fn::GetStackOutput': { OutputName: string } } };
}

const conversionOf = (synthesized: Synthesized) =>
  (
    synthesized.one('stream', 'AWS::KinesisFirehose::DeliveryStream')['ExtendedS3DestinationConfiguration'] as {
      DataFormatConversionConfiguration: Conversion;
    }
  ).DataFormatConversionConfiguration;

describe("the contract, Glue's tables and Firehose's schema", () => {
  const synthesized = new Synthesized();
  const tables = tablesOf(synthesized);

  it('have the same tables, columns, partition keys and ways of reading JSON', () => {
    const made = [...tables.values()]
      .filter(({ TableType }) => TableType === 'EXTERNAL_TABLE')
      .map(({ Name, PartitionKeys = [], StorageDescriptor }) => ({
        name: Name,
        columns: StorageDescriptor.Columns.map((column) => ({
          name: column.Name,
          type: column.Type,
          comment: column.Comment,
        })),
        partitionKeys: PartitionKeys.map((key) => ({ name: key.Name, type: key.Type })),
        serde: StorageDescriptor.SerdeInfo.Parameters,
      }));
    const agreed = contract.tables.map(({ name, columns, partitionKeys, serde }) => ({
      name,
      columns,
      partitionKeys: partitionKeys.map((key) => ({ name: key.name, type: key.type })),
      serde: serde?.parameters,
    }));
    expect(made).toEqual(agreed);
  });

  it('have the same keys of records', () => {
    const { OpenXJsonSerDe } = conversionOf(synthesized).InputFormatConfiguration.Deserializer;
    expect(OpenXJsonSerDe).toEqual({
      // Firehose would look for keys in small letters: every camelCase column would be NULL in every row.
      CaseInsensitive: false,
      ConvertDotsInJsonKeysToUnderscores: false,
      ColumnToJsonKeyMappings: input.columnToJsonKeyMappings,
    });
    const columns = tables.get('windowed_metrics')!.StorageDescriptor.Columns;
    const camelCase = columns.map(({ Name }) => Name).filter((name) => name.includes('_'));
    expect(Object.keys(input.columnToJsonKeyMappings)).toEqual(camelCase);
  });

  it('are one: Firehose takes its schema from the table itself', () => {
    const { DatabaseName, TableName } = conversionOf(synthesized).SchemaConfiguration;
    expect(DatabaseName).toBe('pulselake_dev');
    const outputs = synthesized.template('lake').toJSON()['Outputs'] as Record<string, { Value: { Ref: string } }>;
    const id = outputs[TableName['Fn::GetStackOutput'].OutputName]!.Value.Ref;
    expect(
      Object.keys(
        synthesized
          .template('lake')
          .findResources('AWS::Glue::Table', { Properties: { TableInput: { Name: 'windowed_metrics' } } }),
      ),
    ).toEqual([id]);
  });

  it('all change when a column changes', () => {
    const changed: TableDefinition = {
      ...WINDOWED_METRICS,
      columns: [...WINDOWED_METRICS.columns.map(retyped), ADDED],
    };
    const other = new Synthesized(
      {},
      { tables: TABLES.map((table) => (table === WINDOWED_METRICS ? changed : table)) },
    );
    const columns = tablesOf(other).get('windowed_metrics')!.StorageDescriptor.Columns;
    expect(columns.find(({ Name }) => Name === 'revision')!.Type).toBe('bigint');
    expect(columns.at(-1)).toEqual({ Name: 'host_name', Type: 'string', Comment: 'The host' });
    expect(glueTable(changed).columns).not.toEqual(
      glueTables().find(({ name }) => name === 'windowed_metrics')!.columns,
    );
    const mappings = conversionOf(other).InputFormatConfiguration.Deserializer.OpenXJsonSerDe.ColumnToJsonKeyMappings;
    expect(mappings).toMatchObject({ host_name: 'hostName' });
  });
});

const ADDED: ColumnDefinition = {
  name: 'host_name',
  field: 'hostName',
  type: 'string',
  nullable: true,
  comment: 'The host',
};

function retyped(column: ColumnDefinition): ColumnDefinition {
  return column.name === 'revision' ? { ...column, type: 'bigint' } : column;
}
