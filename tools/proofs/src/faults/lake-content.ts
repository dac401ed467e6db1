import { DuckDbQueryEngine, Lake, verifyLake } from '@pulselake/lake';

/** All that a reader sees, without what tells one run from another. */
const QUERIES = [
  `SELECT component_name, metric_name, unit, from_timestamp, to_timestamp, source, min_value, max_value,
    round(sum_value, 6), sample_count FROM windowed_metrics_current ORDER BY ALL`,
  'SELECT * FROM traffic_reports ORDER BY ALL',
  'SELECT stage, reason, raw, raw_base64 FROM rejected_records ORDER BY ALL',
];

/** What a lake's tables hold, as text that is equal for equal content. */
export async function contentOf(root: string): Promise<string> {
  const engine = await DuckDbQueryEngine.open(root);
  try {
    const tables = [];
    for (const sql of QUERIES) tables.push((await engine.query(sql)).rows);
    return JSON.stringify(tables, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  } finally {
    await engine.close();
  }
}

/** What `verify` finds, as text; empty when the lake is clean. */
export async function problemsOf(root: string, clock: () => number): Promise<string> {
  const lake = await Lake.open(root, { command: 'proof', clock });
  const { problems } = await verifyLake(lake);
  return problems.map(({ subject, message }) => `${subject}: ${message}`).join('\n');
}
