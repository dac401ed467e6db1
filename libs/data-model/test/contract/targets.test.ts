import { describe, expect, test } from 'vitest';
import {
  arrowSchema,
  athenaView,
  firehoseInput,
  glueTable,
  glueTables,
  glueType,
  openXParameters,
  PIPELINE_RUNS,
  REJECTED_RECORDS,
  sparkSchema,
  type TableDefinition,
  TABLES,
  TRAFFIC_REPORTS,
  TRAFFIC_REPORTS_ENRICHED,
  WINDOWED_METRICS,
  WINDOWED_METRICS_CURRENT_COLUMNS,
  windowedMetricsCurrentView,
} from '../../src/index.js';

describe('Glue tables', () => {
  test('have Hive types, with fields of structures in lower case', () => {
    expect(
      glueTable(WINDOWED_METRICS)
        .columns.slice(5, 8)
        .map(({ name, type }) => `${name} ${type}`),
    ).toEqual(['sum_value double', 'sample_count bigint', 'from_timestamp timestamp']);
    expect(glueType(TRAFFIC_REPORTS_ENRICHED.columns.at(-1)?.type ?? 'string')).toBe(
      'array<struct<metricname:string,unit:string,minvalue:double,maxvalue:double,avgvalue:double>>',
    );
    expect(glueTable(PIPELINE_RUNS).columns.find(({ name }) => name === 'rejected_by_reason')?.type).toBe(
      'map<string,bigint>',
    );
  });

  test('project days as dates and stages as a list', () => {
    expect(glueTable(REJECTED_RECORDS).partitionKeys).toEqual([
      {
        name: 'stage',
        type: 'string',
        projection: {
          type: 'enum',
          values: ['metrics-etl', 'stream-windows', 'delivery', 'traffic-report', 'compaction', 'redrive', 'removal'],
        },
      },
      { name: 'dt', type: 'string', projection: { type: 'date' } },
    ]);
  });

  test('leave out what only the embedded lake knows', () => {
    expect(glueTables().map(({ name }) => name)).toEqual([
      'windowed_metrics',
      'traffic_reports',
      'traffic_reports_enriched',
      'rejected_records',
      'pipeline_runs',
    ]);
  });

  test('read JSON by camelCase keys, those of structures too', () => {
    expect(openXParameters(TRAFFIC_REPORTS)).toEqual({
      'case.insensitive': 'false',
      'mapping.total_requests': 'totalRequests',
      'mapping.failed_requests': 'failedRequests',
    });
    expect(openXParameters(PIPELINE_RUNS)).toMatchObject({
      'mapping.rejected_by_reason': 'rejectedByReason',
      'mapping.inputid': 'inputId',
      'mapping.outofrange': 'outOfRange',
    });
    expect(glueTable(WINDOWED_METRICS).serde).toBeUndefined();
  });

  test('fails when one name would stand for two keys', () => {
    const text = { type: 'string', nullable: true, comment: '' } as const;
    const table: TableDefinition = {
      ...TRAFFIC_REPORTS,
      columns: [
        { ...text, name: 'hostname', field: 'hostname' },
        { ...text, name: 'more', field: 'more', type: { struct: [{ ...text, name: 'host_name', field: 'hostName' }] } },
      ],
    };
    expect(() => openXParameters(table)).toThrow('hostname would stand for hostname and for hostName');
  });
});

describe('the Firehose conversion', () => {
  test('keeps the case of keys and maps every camelCase one', () => {
    const { caseInsensitive, columnToJsonKeyMappings } = firehoseInput();
    expect(caseInsensitive).toBe(false);
    for (const { name, field } of WINDOWED_METRICS.columns) {
      expect(columnToJsonKeyMappings[name] ?? name).toBe(field);
    }
    expect(Object.keys(columnToJsonKeyMappings)).toHaveLength(11);
  });

  test('has an expression for each partition key', () => {
    expect(Object.keys(firehoseInput().partitionExpressions)).toEqual(
      WINDOWED_METRICS.partitions.map(({ name }) => name),
    );
  });
});

describe('the Athena view', () => {
  const view = athenaView({ database: 'lake' });

  test('runs the same SELECT as DuckDB', () => {
    expect(windowedMetricsCurrentView('athena')).toBe(windowedMetricsCurrentView('duckdb'));
    expect(view.createStatement).toBe(
      `CREATE OR REPLACE VIEW windowed_metrics_current AS\n${windowedMetricsCurrentView('athena')}`,
    );
  });

  test('has an entry for the catalog with the same columns', () => {
    expect(JSON.parse(view.prestoView)).toEqual({
      originalSql: windowedMetricsCurrentView('athena'),
      catalog: 'awsdatacatalog',
      schema: 'lake',
      columns: WINDOWED_METRICS_CURRENT_COLUMNS,
      runAsInvoker: true,
    });
    expect(view.columns.map(({ name }) => name)).toEqual(WINDOWED_METRICS_CURRENT_COLUMNS.map(({ name }) => name));
    expect(view.columns.find(({ name }) => name === 'emitted_at')?.type).toBe('timestamp');
  });
});

describe('Arrow and Spark schemas', () => {
  test('name the columns of Parquet in snake_case, with instants in UTC', () => {
    expect(arrowSchema(WINDOWED_METRICS)[7]).toEqual({
      name: 'from_timestamp',
      field: 'fromTimestamp',
      type: 'timestamp[us, UTC]',
      nullable: false,
    });
    expect(sparkSchema(WINDOWED_METRICS).fields[6]).toEqual({
      name: 'sample_count',
      type: 'long',
      nullable: true,
      metadata: { comment: 'Number of values; NULL when not delivered' },
    });
  });

  test('name the fields of JSON in camelCase for Spark', () => {
    expect(sparkSchema(TRAFFIC_REPORTS).fields.map(({ name, type }) => [name, type])).toEqual([
      ['id', 'string'],
      ['source', 'string'],
      ['target', 'string'],
      ['totalRequests', 'long'],
      ['failedRequests', 'long'],
    ]);
  });

  test('nest lists, structures and maps', () => {
    const run = Object.fromEntries(arrowSchema(PIPELINE_RUNS).map(({ field, type }) => [field, type]));
    expect(run['replaced']).toEqual({ list: 'string' });
    expect(run['rejectedByReason']).toEqual({ map: ['string', 'int64'] });
    expect(run['supersedes']).toEqual({ list: 'string' });
    expect(arrowSchema(TRAFFIC_REPORTS_ENRICHED).at(-1)?.type).toHaveProperty('list.struct.4', {
      name: 'avgValue',
      field: 'avgValue',
      type: 'float64',
      nullable: true,
    });
    const spark = Object.fromEntries(sparkSchema(PIPELINE_RUNS).fields.map(({ name, type }) => [name, type]));
    expect(spark['rejectedByReason']).toEqual({
      type: 'map',
      keyType: 'string',
      valueType: 'long',
      valueContainsNull: false,
    });
    expect(spark['replaced']).toEqual({ type: 'array', elementType: 'string', containsNull: false });
    expect(spark['counts']).toHaveProperty('fields.4.name', 'outOfRange');
    expect(spark['outputs']).toHaveProperty('elementType.fields.0.name', 'uri');
  });

  test('cover every column of every table', () => {
    for (const table of TABLES) {
      expect(arrowSchema(table).map(({ name }) => name)).toEqual(table.columns.map(({ name }) => name));
      expect(sparkSchema(table).fields).toHaveLength(table.columns.length);
    }
  });
});
