import { describe, expect, test } from 'vitest';
import {
  jsonSchemaOf,
  MetricEventSchema,
  PipelineRunSchema,
  RECORDS,
  RejectedRecordSchema,
  type TableDefinition,
  PIPELINE_RUNS,
  REJECTED_RECORDS,
  TrafficCountSchema,
  TRAFFIC_COUNTS,
  WindowedMetricSchema,
  WINDOWED_METRICS,
} from '../../src/index.js';

const schemaOf = (name: string) => {
  const record = RECORDS.find((candidate) => candidate.name === name);
  if (!record) throw new Error(`no record ${name}`);
  return jsonSchemaOf(record) as { properties: Record<string, Record<string, unknown>>; required: string[] };
};

describe('JSON Schemas', () => {
  test('say what a writer of events has to keep to', () => {
    const { properties, required } = schemaOf('metric-event');
    expect(required).toEqual(['componentName', 'metricName', 'unit', 'value', 'publicationTimestamp']);
    expect(properties['componentName']).toEqual({ type: 'string', minLength: 1, maxLength: 128 });
    expect(properties['eventId']).toEqual({ type: 'string', minLength: 1, maxLength: 64 });
    expect(properties['publicationTimestamp']).toMatchObject({ type: 'string', format: 'date-time' });
    expect(schemaOf('metric-event')).not.toHaveProperty('additionalProperties');
  });

  test.each(['2020-01-01T11:32:54Z', '2020-01-01T11:32:54.123456789Z'])('take the instant %s', (instant) => {
    expect(instant).toMatch(
      new RegExp(String(schemaOf('metric-event').properties['publicationTimestamp']?.['pattern'])),
    );
  });

  test.each([
    '2020-01-01T11:32:54',
    '2020-01-01t11:32:54Z',
    '2020-01-01T11:32:54.Z',
    '2020-01-01T11:32:54.0123456789Z',
  ])('fails on the instant %s', (instant) => {
    expect(instant).not.toMatch(
      new RegExp(String(schemaOf('metric-event').properties['publicationTimestamp']?.['pattern'])),
    );
  });
});

describe('records and tables', () => {
  /** What only one of the two has: partition columns are in the path, some columns are the table's own. */
  const pairs: [TableDefinition, Record<string, unknown>, string[], string[]][] = [
    [WINDOWED_METRICS, WindowedMetricSchema.shape, [], []],
    [TRAFFIC_COUNTS, TrafficCountSchema.shape, ['reportDate'], []],
    [REJECTED_RECORDS, RejectedRecordSchema.shape, ['stage'], []],
    [PIPELINE_RUNS, PipelineRunSchema.shape, [], ['digest']],
  ];
  test.each(pairs.map((pair) => [pair[0].name, ...pair] as const))(
    'of %s have the same fields',
    (_name, table, shape, onlyRecord, onlyTable) => {
      const fields = Object.keys(shape).filter((field) => !onlyRecord.includes(field));
      expect(table.columns.map(({ field }) => field).filter((field) => !onlyTable.includes(field))).toEqual(fields);
    },
  );

  test.each(pairs.map(([table]) => [table.name, table] as const))(
    'of %s have the same optional fields',
    (name, table) => {
      const record =
        { windowed_metrics: 'windowed-metric', traffic_counts: 'traffic-count', rejected_records: 'rejected-record' }[
          name
        ] ?? 'pipeline-run';
      const { required } = schemaOf(record);
      for (const { field, nullable } of table.columns) {
        if (field !== 'digest') expect([field, !nullable]).toEqual([field, required.includes(field)]);
      }
    },
  );
});

describe('MetricEventSchema', () => {
  const event = {
    componentName: 'cart',
    metricName: 'latency',
    unit: 'ms',
    value: 1,
    publicationTimestamp: '2024-05-01T12:00:00Z',
  };

  test('takes names of 128 code points, whatever their UTF-16 units', () => {
    expect(MetricEventSchema.safeParse({ ...event, componentName: '😀'.repeat(128) }).success).toBe(true);
  });

  test.each([
    ['a name of 129 code points', { componentName: 'c'.repeat(129) }],
    ['an empty unit', { unit: '' }],
    ['an infinite value', { value: Infinity }],
    ['a day that does not exist', { publicationTimestamp: '2023-02-29T00:00:00Z' }],
    ['an empty id', { eventId: '' }],
  ])('fails on %s', (_name, change) => {
    expect(MetricEventSchema.safeParse({ ...event, ...change }).success).toBe(false);
  });
});
