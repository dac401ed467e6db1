import { pulselakeJson } from './run-program.js';

interface WindowRow {
  readonly key: string;
  readonly min: number;
  readonly max: number;
  readonly sum: number | null;
  readonly samples: number | null;
}

const windowsSql = (source: string) => `SELECT concat_ws(chr(31), component_name, metric_name, unit, source,
    strftime(from_timestamp AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%g'), strftime(to_timestamp AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%S.%g')) AS key,
  min_value AS min, max_value AS max, sum_value AS sum, sample_count AS samples
  FROM windowed_metrics_current WHERE dt >= '0001-01-01' AND source = '${source}' ORDER BY 1`;

const rejectsSql = (
  stage: string,
) => `SELECT reason || ' ' || coalesce(raw, raw_base64, '') AS text FROM rejected_records
  WHERE stage = '${stage}' AND dt >= '0001-01-01' AND reason <> 'late' ORDER BY 1`;

/** How windows differ that should be the same: keys, minima, maxima, counts; sums within 1e-9. */
export async function windowDifferences(one: string, other: string, source = 'stream'): Promise<string[]> {
  const [left, right] = await Promise.all([windowsOf(one, source), windowsOf(other, source)]);
  const differences: string[] = [];
  for (const [key, row] of left) {
    const same = right.get(key);
    if (!same) differences.push(`missing ${key}`);
    else if (row.min !== same.min || row.max !== same.max || row.samples !== same.samples || !sameSum(row, same)) {
      differences.push(`differs ${key}: ${JSON.stringify(row)} ${JSON.stringify(same)}`);
    }
  }
  for (const key of right.keys()) if (!left.has(key)) differences.push(`unexpected ${key}`);
  return differences;
}

/** Rejected records of a stage by reason and text, `late` aside. */
export async function rejectsOf(lake: string, stage = 'stream-windows'): Promise<string[]> {
  const rows = await query<{ text: string | null }>(lake, rejectsSql(stage));
  return rows.map(({ text }) => text ?? '');
}

async function windowsOf(lake: string, source = 'stream'): Promise<Map<string, WindowRow>> {
  const rows = await query<WindowRow>(lake, windowsSql(source));
  return new Map(rows.map((row) => [row.key, row]));
}

export function query<T>(lake: string, sql: string): Promise<T[]> {
  return pulselakeJson<T[]>(['sql', sql, '--lake', lake, '--format', 'json']);
}

function sameSum(a: WindowRow, b: WindowRow): boolean {
  if (a.sum === null || b.sum === null) return a.sum === b.sum;
  const scale = Math.max(Math.abs(a.sum), (a.samples ?? 0) * Math.max(Math.abs(a.min), Math.abs(a.max)));
  return Math.abs(a.sum - b.sum) <= 1e-9 * scale;
}
