import { resolve } from 'node:path';
import {
  REJECTED_RECORDS,
  type RejectReason,
  TRAFFIC_COUNTS,
  TRAFFIC_REPORTS,
  TRAFFIC_REPORTS_ENRICHED,
  WINDOWED_METRICS,
} from '@pulselake/data-model';
import { type Row, rowsOf, withDuckDb } from '../duckdb-session.js';
import { globLiteral, sqlLiteral } from '../sql-literal.js';
import { dayOfKey, REPORTS } from '../lake-layout.js';
import type { LiveFile } from '../live-files.js';
import { isOwnReport } from './own-report.js';

/** What a data file holds, counted again from the file. */
export interface FileContent {
  rows: number;
  /** Calls of services in a report. */
  reportedCalls: number;
  /** Whether rows belong to another partition than that of their path. */
  misplaced: boolean;
  /** Windows: the samples, of each part's highest revision when `latest`. Counts: the calls by kind. Rejects: by reason. */
  samples: number;
  byKind: Partial<Record<'service' | 'user', number>>;
  byReason: Partial<Record<RejectReason, number>>;
  /** Why nothing could be counted, although the digest holds. */
  unreadable?: string;
}

const BATCH_FILES = 500;

/** Counts the content of intact files again. @returns a map by key */
export async function recount(root: string, files: readonly LiveFile[]): Promise<Map<string, FileContent>> {
  return withDuckDb(async (connection) => {
    const content = new Map<string, FileContent>();
    const keysOf = (prefix: string) =>
      files.map(({ output }) => output).filter(({ uri, bytes }) => uri.startsWith(`${prefix}/`) && bytes > 0);
    for (const { uri } of files.map(({ output }) => output)) content.set(uri, emptyContent());
    const keyByPath = new Map(files.map(({ output }) => [resolve(root, output.uri), output.uri]));
    const each = async (prefix: string, sql: (list: string) => string, take: (file: FileContent, row: Row) => void) => {
      const outputs = keysOf(prefix);
      for (let at = 0; at < outputs.length; at += BATCH_FILES) {
        const batch = outputs.slice(at, at + BATCH_FILES);
        const paths = batch.map(({ uri }) => sqlLiteral(globLiteral(resolve(root, uri))));
        let rows: Row[];
        try {
          rows = await rowsOf(connection, sql(`[${paths.join(', ')}]`));
        } catch {
          // One file fails the whole statement: each by itself tells which.
          rows = [];
          for (const [index, { uri }] of batch.entries()) {
            try {
              rows.push(...(await rowsOf(connection, sql(`[${paths[index]!}]`))));
            } catch (error) {
              content.get(uri)!.unreadable = (error as Error).message.split('\n')[0]!;
            }
          }
        }
        for (const row of rows) take(content.get(keyByPath.get(String(row['filename']))!)!, row);
      }
    };
    await each(WINDOWED_METRICS.prefix, windowsSql, (file, row) => {
      file.rows = Number(row['row_count']);
      file.misplaced = row['first_day'] !== row['dt'] || row['last_day'] !== row['dt'];
      file.samples = Number(row['samples'] ?? 0);
    });
    await each(TRAFFIC_COUNTS.prefix, countsSql, (file, row) => {
      file.rows += Number(row['row_count']);
      file.byKind[row['kind'] as 'service' | 'user'] = Number(row['requests']);
    });
    for (const { prefix } of REPORTS) {
      await each(prefix, reportsSql, (file, row) => {
        file.rows = Number(row['row_count']);
        file.reportedCalls = Number(row['requests'] ?? 0);
      });
    }
    await each(REJECTED_RECORDS.prefix, rejectedSql, (file, row) => {
      file.rows += Number(row['row_count']);
      file.byReason[row['reason'] as RejectReason] = Number(row['row_count']);
    });
    return content;
  });
}

/**
 * Samples of each part's highest revision over several files of windows: corrections do not count twice.
 *
 * @param only a condition on the rows, in SQL
 */
export async function latestSamples(root: string, keys: readonly string[], only = 'true'): Promise<number> {
  if (keys.length === 0) return 0;
  return withDuckDb(async (connection) => {
    const list = keys.map((key) => sqlLiteral(globLiteral(resolve(root, key)))).join(', ');
    const reader = await connection.runAndReadAll(
      `SELECT coalesce(sum(samples), 0) AS samples FROM (
        SELECT max_by(sample_count, {'revision': revision, 'emitted_at': emitted_at, 'samples': sample_count}) AS samples FROM read_parquet([${list}], hive_partitioning = false)
        WHERE ${only}
        GROUP BY component_name, metric_name, unit, from_timestamp, to_timestamp, source, part_id)`,
    );
    return Number((reader.getRowObjects() as Row[])[0]!['samples']);
  });
}

/** The days whose report is not the sum of the counts kept for that day, of those whose report is that sum. */
export async function mismatchedReports(root: string, files: readonly LiveFile[]): Promise<string[]> {
  const list = (prefix: string) =>
    files
      .filter(({ output }) => output.uri.startsWith(`${prefix}/`) && output.bytes > 0 && !isOwnReport(output))
      .map(({ output }) => sqlLiteral(globLiteral(resolve(root, output.uri))));
  const counts = list(TRAFFIC_COUNTS.prefix);
  const reports = list(TRAFFIC_REPORTS.prefix);
  const relation = (paths: readonly string[], columns: string, empty: string) =>
    paths.length === 0
      ? `(${empty})`
      : `read_json([${paths.join(', ')}], format = 'newline_delimited', columns = {${columns}}, hive_partitioning = true, hive_types = {'report_date': VARCHAR})`;
  const pair = `'source': 'VARCHAR', 'target': 'VARCHAR', 'totalRequests': 'BIGINT', 'failedRequests': 'BIGINT'`;
  const empty = `SELECT '' AS source, '' AS target, 0 AS "totalRequests", 0 AS "failedRequests", 'service' AS kind, '' AS report_date WHERE false`;
  return withDuckDb(async (connection) => {
    const reader = await connection.runAndReadAll(
      `WITH reported AS (SELECT report_date, source, target, "totalRequests" AS total, "failedRequests" AS failed FROM ${relation(reports, pair, empty)}),
      users AS (SELECT DISTINCT report_date FROM reported WHERE source = 'users'),
      counted AS (
        SELECT report_date, CASE WHEN kind = 'user' THEN 'users' ELSE source END AS source, target,
          sum("totalRequests") AS total, sum("failedRequests") AS failed
        FROM ${relation(counts, `${pair}, 'kind': 'VARCHAR'`, empty)}
        WHERE kind = 'service' OR report_date IN (SELECT report_date FROM users)
        GROUP BY ALL)
      SELECT DISTINCT coalesce(r.report_date, c.report_date) AS report_date
      FROM reported r FULL JOIN counted c ON r.report_date = c.report_date AND r.source = c.source AND r.target = c.target
      WHERE r.total IS DISTINCT FROM c.total OR r.failed IS DISTINCT FROM c.failed
      ORDER BY 1`,
    );
    return (reader.getRowObjects() as Row[]).map((row) => String(row['report_date']));
  });
}

/** The days whose enriched report has other pairs than their report, or other calls. */
export async function strayEnrichedReports(root: string, files: readonly LiveFile[]): Promise<string[]> {
  const relation = (prefix: string) => {
    const paths = files
      .filter(({ output }) => output.uri.startsWith(`${prefix}/`) && output.bytes > 0)
      .map(({ output }) => sqlLiteral(globLiteral(resolve(root, output.uri))));
    if (paths.length === 0) return `(SELECT '' AS id, 0 AS total, 0 AS failed, '' AS report_date WHERE false)`;
    return `(SELECT id, "totalRequests" AS total, "failedRequests" AS failed, report_date
      FROM read_json([${paths.join(', ')}], format = 'newline_delimited', maximum_object_size = 134217728,
        columns = {'id': 'VARCHAR', 'totalRequests': 'BIGINT', 'failedRequests': 'BIGINT'}, hive_partitioning = true, hive_types = {'report_date': VARCHAR}))`;
  };
  // Lakes of earlier versions, and other engines, may have reports without.
  const days = new Set(
    files.flatMap(({ output: { uri } }) =>
      uri.startsWith(`${TRAFFIC_REPORTS_ENRICHED.prefix}/`) ? (dayOfKey(uri) ?? []) : [],
    ),
  );
  const rows = await withDuckDb((connection) =>
    rowsOf(
      connection,
      `SELECT DISTINCT coalesce(r.report_date, e.report_date) AS report_date
      FROM ${relation(TRAFFIC_REPORTS.prefix)} r FULL JOIN ${relation(TRAFFIC_REPORTS_ENRICHED.prefix)} e
        ON r.report_date = e.report_date AND r.id = e.id
      WHERE r.total IS DISTINCT FROM e.total OR r.failed IS DISTINCT FROM e.failed
      ORDER BY 1`,
    ),
  );
  return rows.map((row) => String(row['report_date'])).filter((day) => days.has(day));
}

const windowsSql = (list: string) =>
  `SELECT filename, count(*) AS row_count, sum(sample_count) AS samples,
    strftime(timezone('UTC', min(from_timestamp)), '%Y-%m-%d') AS first_day,
    strftime(timezone('UTC', max(from_timestamp)), '%Y-%m-%d') AS last_day, any_value(dt) AS dt
  FROM read_parquet(${list}, filename = true, hive_partitioning = true, hive_types = {'dt': VARCHAR}) GROUP BY filename`;

const jsonOptions = `format = 'newline_delimited', filename = true, hive_partitioning = false, maximum_object_size = 134217728`;

const countsSql = (list: string) =>
  `SELECT filename, kind, count(*) AS row_count, sum("totalRequests") AS requests
  FROM read_json(${list}, columns = {'kind': 'VARCHAR', 'totalRequests': 'BIGINT'}, ${jsonOptions}) GROUP BY filename, kind`;

const reportsSql = (list: string) =>
  `SELECT filename, count(*) AS row_count, sum("totalRequests") FILTER (source <> 'users') AS requests
  FROM read_json(${list}, columns = {'source': 'VARCHAR', 'totalRequests': 'BIGINT'}, ${jsonOptions}) GROUP BY filename`;

const rejectedSql = (list: string) =>
  `SELECT filename, reason, count(*) AS row_count FROM read_json(${list}, columns = {'reason': 'VARCHAR'}, ${jsonOptions}) GROUP BY filename, reason`;

function emptyContent(): FileContent {
  return { rows: 0, reportedCalls: 0, misplaced: false, samples: 0, byKind: {}, byReason: {} };
}
