import type { QueryValue } from '@pulselake/dashboards';

/** Hands rows to the reader as a file, with a line of names above them. What makes it is loaded when asked for. */
export async function downloadCsv(
  file: string,
  names: readonly string[],
  rows: readonly (readonly QueryValue[])[],
): Promise<void> {
  const { csvOf, download } = await import('../csv/csv.js');
  download(file, csvOf(names, rows));
}
