import { describe, expect, test } from 'vitest';
import { contractSummary, findIncompatibilities } from '../../src/index.js';
import { editJson } from '../support/edit-json.js';

const RELEASED = contractSummary();
const EVENT = 'records/metric-event/schema';
const ROW = 'records/traffic-report-row/schema';
const RUN = 'records/pipeline-run/schema/properties';
const VIEW = 'views/windowed_metrics_current/columns';
const REMOVED = undefined;

/** What is found when the current contract is the released one with `to` at `path`. */
const after = (path: string, to: unknown) => findIncompatibilities(RELEASED, editJson(RELEASED, path, to));

describe('findIncompatibilities', () => {
  test('finds nothing between a contract and itself', () => {
    expect(findIncompatibilities(RELEASED, contractSummary())).toEqual([]);
  });

  const breaks: [name: string, path: string, to: unknown, sentence: string][] = [
    ['a removed table', 'tables/traffic_reports', REMOVED, 'table traffic_reports was removed'],
    [
      'a moved table',
      'tables/traffic_reports/prefix',
      'traffic',
      'table traffic_reports: prefix was traffic_reports and is traffic',
    ],
    [
      'another format',
      'tables/traffic_reports/format',
      'parquet',
      'table traffic_reports: format was json-lines and is parquet',
    ],
    [
      'a removed column',
      'tables/windowed_metrics/columns/unit',
      REMOVED,
      'table windowed_metrics: column unit was removed',
    ],
    [
      'a retyped column',
      'tables/windowed_metrics/columns/sample_count/type',
      'int',
      'table windowed_metrics: column sample_count was bigint and is int',
    ],
    [
      'a column with another key in JSON',
      'tables/traffic_reports/columns/total_requests/field',
      'total',
      'table traffic_reports: column total_requests was totalRequests in JSON and is total',
    ],
    [
      'a column that may be NULL now',
      'tables/windowed_metrics/columns/min_value/nullable',
      true,
      'table windowed_metrics: column min_value may be NULL now',
    ],
    [
      'a new column that is not nullable',
      'tables/windowed_metrics/columns/+',
      { name: 'host', field: 'host', type: 'string', nullable: false },
      'table windowed_metrics: new column host must be nullable, since there are files without it',
    ],
    [
      'a removed field of a structure',
      'tables/pipeline_runs/columns/inputs/fields/sha256',
      REMOVED,
      'table pipeline_runs: column inputs: column sha256 was removed',
    ],
    [
      'a retyped field of a structure',
      'tables/pipeline_runs/columns/counts/fields/read/type',
      'int',
      'table pipeline_runs: column counts: column read was bigint and is int',
    ],
    [
      'a structure that became a list',
      'tables/pipeline_runs/columns/counts/type',
      'array<struct>',
      'table pipeline_runs: column counts was struct and is array<struct>',
    ],
    [
      'a renamed partition',
      'tables/windowed_metrics/partitions/dt/name',
      'day',
      'table windowed_metrics: partitioned by dt (day) before and by day (day) now',
    ],
    [
      'a removed partition',
      'tables/rejected_records/partitions/stage',
      REMOVED,
      'table rejected_records: partitioned by stage (list), dt (day) before and by dt (day) now',
    ],
    [
      'a removed value of a partition',
      'tables/rejected_records/partitions/stage/values/compaction',
      REMOVED,
      'table rejected_records: partition value stage compaction was removed',
    ],
    ['a removed view', 'views/windowed_metrics_current', REMOVED, 'view windowed_metrics_current was removed'],
    [
      'a removed column of a view',
      `${VIEW}/avg_value`,
      REMOVED,
      'view windowed_metrics_current: column avg_value was removed',
    ],
    [
      'a retyped column of a view',
      `${VIEW}/sample_count/type`,
      'double',
      'view windowed_metrics_current: column sample_count was bigint and is double',
    ],
    ['a removed record', 'records/metric-event', REMOVED, 'record metric-event was removed'],
    ['a turned record', 'records/metric-event/direction', 'out', 'record metric-event: was in, is out'],
    [
      'a field that an input needs now',
      `${EVENT}/required/+`,
      'eventId',
      'record metric-event.eventId is required now',
    ],
    [
      'a new field that an input needs',
      EVENT,
      editJson(
        editJson(RELEASED.records['metric-event']?.schema, 'properties/host', { type: 'string' }),
        'required/+',
        'host',
      ),
      'record metric-event.host is required now',
    ],
    ['a removed field', `${EVENT}/properties/eventId`, REMOVED, 'record metric-event.eventId was removed'],
    [
      'another type of a field',
      `${EVENT}/properties/value/type`,
      'string',
      'record metric-event.value was "number" and is "string"',
    ],
    [
      'a shorter unit in an input',
      `${EVENT}/properties/unit/maxLength`,
      16,
      'record metric-event.unit: maxLength was 32 and is 16',
    ],
    [
      'a new bound in an input',
      `${EVENT}/properties/value/minimum`,
      0,
      'record metric-event.value: minimum was absent and is 0',
    ],
    [
      'a higher least length in an input',
      `${EVENT}/properties/unit/minLength`,
      2,
      'record metric-event.unit: minLength was 1 and is 2',
    ],
    [
      'another pattern in an input',
      `${EVENT}/properties/publicationTimestamp/pattern`,
      '^x$',
      'record metric-event.publicationTimestamp has another pattern',
    ],
    [
      'an input that takes no unknown fields any more',
      `${EVENT}/additionalProperties`,
      false,
      'record metric-event takes no unknown fields any more',
    ],
    [
      'a closed list in an input',
      `${EVENT}/properties/unit/enum`,
      ['ms'],
      'record metric-event.unit is a closed list now',
    ],
    [
      'a field that an output may lack now',
      `${ROW}/required/id`,
      REMOVED,
      'record traffic-report-row.id may be absent now',
    ],
    [
      'a list that an output opens',
      'records/windowed-metric/schema/properties/source/enum',
      REMOVED,
      'record windowed-metric.source is no closed list any more',
    ],
    [
      'a removed value of a list',
      'records/windowed-metric/schema/properties/source/enum/batch',
      REMOVED,
      'record windowed-metric.source: value batch was removed',
    ],
    [
      'a change inside a list of an output',
      `${RUN}/inputs/items/properties/uri/type`,
      'object',
      'record pipeline-run.inputs[].uri was "string" and is "object"',
    ],
    [
      'a change inside a map of an output',
      `${RUN}/rejectedByReason/additionalProperties/type`,
      'number',
      'record pipeline-run.rejectedByReason.* was "integer" and is "number"',
    ],
    [
      'a removed key of a map of an output',
      `${RUN}/rejectedByReason/propertyNames/enum/late`,
      REMOVED,
      'record pipeline-run.rejectedByReason names: value late was removed',
    ],
    ['a removed kind of CSV', 'csv/metric-events', REMOVED, 'CSV metric-events was removed'],
    [
      'a CSV column that is needed now',
      'csv/metric-events/needed/+',
      'eventId',
      'CSV metric-events: column eventId is needed now',
    ],
    [
      'a CSV column that is unknown now',
      'csv/windowed-metrics/optional/sampleCount',
      REMOVED,
      'CSV windowed-metrics: column sampleCount was removed',
    ],
    ['a removed reject reason', 'rejectReasons/empty-window', REMOVED, 'reject reason empty-window was removed'],
    [
      'another order of the reject reasons',
      'rejectReasons',
      [...RELEASED.rejectReasons].reverse(),
      'reject reasons have another order of precedence',
    ],
    ['a removed stage', 'stages/redrive', REMOVED, 'stage redrive was removed'],
    [
      'a removed setting',
      'windowSettings/idleTimeoutSeconds',
      REMOVED,
      'window setting idleTimeoutSeconds was removed',
    ],
    [
      'another default',
      'windowSettings/windowSizeSeconds',
      60,
      'window setting windowSizeSeconds: the default was 300 and is 60',
    ],
    ['a lower limit', 'limits/maxUnitLength', 16, 'limit maxUnitLength: was 32 and is 16'],
  ];
  test.each(breaks)('fails on %s', (_name, path, to, sentence) => {
    expect(after(path, to)).toEqual([sentence]);
  });

  const additions: [name: string, path: string, to: unknown][] = [
    ['a new table', 'tables/more', RELEASED.tables['traffic_reports']],
    [
      'a new nullable column',
      'tables/traffic_reports/columns/+',
      { name: 'p99', field: 'p99', type: 'double', nullable: true },
    ],
    [
      'a new nullable field of a structure',
      'tables/pipeline_runs/columns/inputs/fields/+',
      { name: 'x', field: 'x', type: 'string', nullable: true },
    ],
    ['a column that is never NULL any more', 'tables/windowed_metrics/columns/sum_value/nullable', false],
    ['a new column of a view', `${VIEW}/+`, { name: 'x', type: 'double' }],
    ['a new record', 'records/more', RELEASED.records['metric-event']],
    ['a new optional field', `${EVENT}/properties/host`, { type: 'string' }],
    ['a longer unit in an input', `${EVENT}/properties/unit/maxLength`, 64],
    ['a bound that falls', `${EVENT}/properties/unit/maxLength`, REMOVED],
    ['a field that an input may lack now', `${EVENT}/required/unit`, REMOVED],
    ['a new field that an output always has', `${ROW}/required/+`, 'p99'],
    ['a new reject reason', 'rejectReasons', ['new-reason', ...RELEASED.rejectReasons]],
    ['a new stage', 'stages/+', 'export'],
    ['a new value of a partition', 'tables/rejected_records/partitions/stage/values/+', 'export'],
    ['a new setting', 'windowSettings/more', 1],
    ['a higher limit', 'limits/maxUnitLength', 64],
    ['a new optional CSV column', 'csv/metric-events/optional/+', 'host'],
    [
      'a CSV column that is no longer needed',
      'csv/windowed-metrics',
      {
        needed: ['componentName'],
        optional: RELEASED.csv['windowed-metrics']?.needed.concat(RELEASED.csv['windowed-metrics'].optional),
      },
    ],
  ];
  test.each(additions)('takes %s for compatible', (_name, path, to) => {
    expect(after(path, to)).toEqual([]);
  });
});
