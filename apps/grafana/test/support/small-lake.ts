import { DuckDBInstance, type DuckDBConnection, type Json } from '@duckdb/node-api';

/** A DuckDB in memory with the tables that dashboards read, holding a few rows that fit on this page. */
export async function smallLake(): Promise<SmallLake> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const statement of STATEMENTS) await connection.run(statement);
  return {
    connection,
    rowsOf: async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson(),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

export interface SmallLake {
  readonly connection: DuckDBConnection;
  rowsOf(sql: string): Promise<Record<string, Json>[]>;
  close(): void;
}

const STATEMENTS: readonly string[] = [
  `CREATE TABLE windowed_metrics_current (
    component_name VARCHAR, metric_name VARCHAR, unit VARCHAR, min_value DOUBLE, max_value DOUBLE, sum_value DOUBLE,
    sample_count BIGINT, avg_value DOUBLE, from_timestamp TIMESTAMP, to_timestamp TIMESTAMP, source VARCHAR,
    revision INTEGER, emitted_at TIMESTAMP, dt VARCHAR)`,
  // Two windows with sums in one hour, one of another hour, one just before the range, and one of another day.
  `INSERT INTO windowed_metrics_current VALUES
    ('cart', 'latency', 'ms', 1, 9, 20, 4, 5, '2024-03-01 10:00:00', '2024-03-01 10:05:00', 'stream', 0, '2024-03-01 10:06:00', '2024-03-01'),
    ('cart', 'latency', 'ms', 2, 30, 100, 6, 16.7, '2024-03-01 10:05:00', '2024-03-01 10:10:00', 'stream', 1, '2024-03-01 10:26:00', '2024-03-01'),
    ('cart', 'latency', 'ms', 3, 4, 7, 2, 3.5, '2024-03-01 12:00:00', '2024-03-01 12:05:00', 'stream', 2, '2024-03-01 12:41:00', '2024-03-01'),
    ('cart', 'latency', 'ms', 0, 99, 99, 1, 99, '2024-03-01 08:55:00', '2024-03-01 09:00:00', 'stream', 0, '2024-03-01 09:06:00', '2024-03-01'),
    ('cart', 'latency', 'ms', 0, 77, 77, 1, 77, '2024-03-02 10:00:00', '2024-03-02 10:05:00', 'stream', 0, '2024-03-02 10:06:00', '2024-03-02')`,
  // Batch windows: one of two without a sum, and a component without any.
  `INSERT INTO windowed_metrics_current VALUES
    ('cart', 'latency', 'ms', 1, 2, 3, 2, 1.5, '2024-03-01 10:00:05.001', '2024-03-01 10:00:15.001', 'batch', 0, '2024-03-01 11:00:00', '2024-03-01'),
    ('cart', 'latency', 'ms', 5, 6, NULL, 2, NULL, '2024-03-01 10:10:00', '2024-03-01 10:10:10', 'batch', 0, '2024-03-01 11:00:00', '2024-03-01'),
    ('O''Hara <b>', 'load', '%', -3, -1, NULL, NULL, NULL, '2024-03-01 10:00:00', '2024-03-01 10:05:00', 'batch', 0, '2024-03-01 11:00:00', '2024-03-01')`,
  `CREATE VIEW windowed_metrics AS FROM windowed_metrics_current`,
  `CREATE TABLE traffic_reports (
    id VARCHAR, source VARCHAR, target VARCHAR, total_requests BIGINT, failed_requests BIGINT, report_date VARCHAR)`,
  `INSERT INTO traffic_reports VALUES
    ('aa', 'cart', 'order', 100, 5, '2024-03-01'),
    ('bb', 'order', 'audit', 40, 0, '2024-03-01'),
    ('cc', 'order', 'order', 2, 2, '2024-03-01'),
    ('aa', 'cart', 'order', 80, 20, '2024-02-29'),
    ('dd', 'cart', 'mail', 7, 0, '2024-02-29')`,
  `CREATE TABLE pipeline_runs (
    run_id VARCHAR, stage VARCHAR, started_at VARCHAR, finished_at VARCHAR, status VARCHAR,
    counts STRUCT("read" BIGINT, accepted BIGINT, duplicate BIGINT, "external" BIGINT, "outOfRange" BIGINT, rejected BIGINT),
    rejected_by_reason MAP(VARCHAR, BIGINT), rows_written BIGINT, windows_corrected BIGINT, error VARCHAR, dt VARCHAR, sequence BIGINT)`,
  `INSERT INTO pipeline_runs VALUES
    ('r1', 'stream-windows', '2024-03-01T10:00:00.000Z', '2024-03-01T10:00:02.500Z', 'succeeded',
      {'read': 20, 'accepted': 15, 'duplicate': 2, 'external': 0, 'outOfRange': 0, 'rejected': 3}, MAP {'late': 2, 'malformed': 1}, 4, 1, NULL, '2024-03-01', 1),
    ('r2', 'traffic-report', '2024-03-01T11:00:00.000Z', '2024-03-01T11:00:01.000Z', 'succeeded',
      {'read': 10, 'accepted': 6, 'duplicate': 0, 'external': 3, 'outOfRange': 1, 'rejected': 0}, MAP {}, 2, NULL, NULL, '2024-03-01', 2),
    ('r3', 'stream-windows', '2024-03-01T12:00:00.000Z', '2024-03-01T12:00:01.000Z', 'failed',
      {'read': 5, 'accepted': 1, 'duplicate': 0, 'external': 0, 'outOfRange': 0, 'rejected': 1}, MAP {'malformed': 1}, 0, NULL, 'disk full', '2024-03-01', 3),
    ('r0', 'stream-windows', '2024-03-01T08:59:59.999Z', '2024-03-01T09:00:01.000Z', 'succeeded',
      {'read': 1, 'accepted': 1, 'duplicate': 0, 'external': 0, 'outOfRange': 0, 'rejected': 0}, MAP {}, 1, NULL, NULL, '2024-03-01', 4)`,
  `CREATE TABLE rejected_records (
    run_id VARCHAR, reason VARCHAR, message VARCHAR, file VARCHAR, line BIGINT, input_id VARCHAR, raw VARCHAR,
    raw_base64 VARCHAR, truncated BOOLEAN, stage VARCHAR, dt VARCHAR)`,
  `INSERT INTO rejected_records VALUES
    ('r1', 'late', 'window closed', NULL, NULL, 'i1', '{"componentName":"cart","metricName":"latency","unit":"ms","value":1,"publicationTimestamp":"2024-03-01T08:00:00.000Z"}', NULL, NULL, 'stream-windows', '2024-03-01'),
    ('r1', 'late', 'window closed', NULL, NULL, 'i1', '{"componentName":"it''\\"s","metricName":"publicationTimestamp","unit":"ms","value":1,"publicationTimestamp":"2024-03-01T09:30:02.500Z"}', NULL, NULL, 'stream-windows', '2024-03-01'),
    ('r1', 'malformed', 'not JSON', 'events.ndjson', 7, 'i1', NULL, '//4=', NULL, 'stream-windows', '2024-03-01'),
    ('r9', 'late', 'window closed', NULL, NULL, 'i9', '{"a":9}', NULL, NULL, 'stream-windows', '2024-02-20')`,
];
