import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  compareText,
  duckDbSelect,
  formatInstant,
  type PipelineRun,
  type TargetMetric,
  type TrafficReportRow,
  WINDOWED_METRICS,
  windowedMetricsCurrentView,
} from '@pulselake/data-model';
import { rowsOf, withDuckDb } from './duckdb-session.js';
import { listNames, readTextIfThere } from './lake-files.js';
import { dayOfKey, enrichedReportKey, isWindowsKey, trafficReportKey } from './lake-layout.js';
import { type Lake, nextSequence } from './lake.js';
import { liveFiles } from './live-files.js';
import type { RunTransaction } from './run-transaction.js';
import { globLiteral, sqlLiteral } from './sql-literal.js';

type ReportRow = Omit<TrafficReportRow, 'reportDate'>;

/**
 * Stages a day's report with what is known of each called service: its metrics over that day, from the windows in place.
 * The caller holds the lock.
 *
 * @param removed windows that this run takes out
 */
export async function stageEnrichedReport(
  root: string,
  transaction: RunTransaction,
  { day, rows, removed }: { day: string; rows: readonly ReportRow[]; removed?: ReadonlySet<string> },
): Promise<void> {
  const metrics = await metricsOfDay(root, day, new Set(rows.map(({ target }) => target)), removed);
  const lines = rows.map(
    ({ id, source, target, totalRequests, failedRequests }) =>
      `${JSON.stringify({ id, source, target, totalRequests, failedRequests, metrics: metrics.get(target) ?? [] })}\n`,
  );
  const key = enrichedReportKey(day);
  await writeFile(await transaction.stage(key), lines.join(''));
  transaction.add(key, { rows: rows.length });
}

/**
 * Makes the enriched reports anew of days whose windows have changed since.
 *
 * @returns the run; none when all hold
 */
export async function refreshEnrichedReports(lake: Lake): Promise<PipelineRun | undefined> {
  if (staleDays((await lake.ledger()).runs).length === 0) return undefined;
  const startedAt = formatInstant(lake.now());
  return lake.locked(async ({ runs }) => {
    const runId = lake.newRunId('traffic-report');
    const transaction = await lake.begin(runId);
    try {
      for (const day of staleDays(runs)) {
        const text = (await readTextIfThere(join(lake.root, trafficReportKey(day)))) ?? '';
        const lines = text.split('\n').filter((line) => line !== '');
        await stageEnrichedReport(lake.root, transaction, {
          day,
          rows: lines.map((line) => JSON.parse(line) as ReportRow),
        });
      }
      if (transaction.keys.length === 0) {
        await transaction.abort();
        return undefined;
      }
      return await transaction.commit(
        {
          runId,
          stage: 'traffic-report',
          startedAt,
          finishedAt: formatInstant(lake.now()),
          status: 'succeeded',
          inputs: [],
          counts: { read: 0, accepted: 0, duplicate: 0, external: 0, outOfRange: 0, rejected: 0 },
          rejectedByReason: {},
        },
        { sequence: nextSequence(runs) },
      );
    } catch (error) {
      await transaction.abort();
      throw error;
    }
  });
}

/** The days whose windows were written or taken out after their enriched report, `YYYY-MM-DD`. */
export function staleDays(runs: readonly PipelineRun[]): string[] {
  const live = liveFiles(runs);
  const enriched = new Map<string, number>();
  for (const { output, run } of live.values()) {
    const day = dayOfKey(output.uri);
    // Reports of other engines, whose runs have no sequence, are made anew by those.
    if (day === undefined || output.uri !== trafficReportKey(day) || run.sequence === undefined) continue;
    enriched.set(day, live.get(enrichedReportKey(day))?.run.sequence ?? 0);
  }
  const stale = new Set<string>();
  const look = (key: string, sequence: number) => {
    const day = dayOfKey(key);
    const written = day !== undefined && isWindowsKey(key) ? enriched.get(day) : undefined;
    // What the same commit wrote was not in place yet.
    if (written !== undefined && sequence >= written) stale.add(day!);
  };
  for (const run of runs) {
    // Compaction leaves every window what it was.
    if (run.stage === 'compaction') continue;
    for (const output of run.outputs) look(output.uri, sequenceOf(run, output.sequence));
    for (const key of run.replaced ?? []) look(key, sequenceOf(run));
  }
  for (const day of enriched.keys()) if (!live.has(enrichedReportKey(day))) stale.add(day);
  return [...stale].sort();
}

function sequenceOf(run: PipelineRun, ofOutput?: number): number {
  return ofOutput ?? run.sequence ?? 0;
}

/** Each service's metrics of a day, in the order of their names and units. */
async function metricsOfDay(
  root: string,
  day: string,
  services: ReadonlySet<string>,
  removed: ReadonlySet<string> = new Set(),
): Promise<ReadonlyMap<string, TargetMetric[]>> {
  const metrics = new Map<string, TargetMetric[]>();
  const folder = `${WINDOWED_METRICS.prefix}/dt=${day}`;
  const keys = (await listNames(join(root, folder)))
    .filter((name) => name.endsWith('.parquet'))
    .map((name) => `${folder}/${name}`)
    .filter((key) => !removed.has(key));
  if (keys.length === 0 || services.size === 0) return metrics;
  const windows = `(${duckDbSelect(
    WINDOWED_METRICS,
    keys.map((key) => globLiteral(join(root, key))),
  )})`;
  const rows = await withDuckDb((connection) =>
    rowsOf(
      connection,
      `SELECT component_name, metric_name, unit, min(min_value) AS min_value, max(max_value) AS max_value,
        CASE WHEN count(avg_value) = count(*) THEN fsum(sum_value) / sum(sample_count) END AS avg_value
      FROM (${windowedMetricsCurrentView('duckdb', { from: windows })})
      WHERE dt = ${sqlLiteral(day)} GROUP BY component_name, metric_name, unit`,
    ),
  );
  for (const row of rows) {
    const service = row['component_name'] as string;
    if (!services.has(service)) continue;
    const average = row['avg_value'] as number | null;
    const ofService = metrics.get(service) ?? [];
    metrics.set(service, ofService);
    ofService.push({
      metricName: row['metric_name'] as string,
      unit: row['unit'] as string,
      minValue: row['min_value'] as number,
      maxValue: row['max_value'] as number,
      ...(average !== null && Number.isFinite(average) && { avgValue: average }),
    });
  }
  for (const ofService of metrics.values()) {
    ofService.sort((a, b) => compareText(a.metricName, b.metricName) || compareText(a.unit, b.unit));
  }
  return metrics;
}
