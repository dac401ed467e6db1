import { createRandom, windowedMetricsCsvChunks } from '@pulselake/generators';

/** Windowed CSV by the generator. */
export function generateCsv([rows]: readonly string[]): Promise<string[]> {
  const started = performance.now();
  let bytes = 0;
  for (const chunk of windowedMetricsCsvChunks({ records: Number(rows), seed: 7 })) bytes += chunk.length;
  return Promise.resolve([`bytes ${bytes}`, `seconds ${(performance.now() - started) / 1000}`]);
}

/** The same by template strings. */
export function generateCsvNaively([rows]: readonly string[]): Promise<string[]> {
  const started = performance.now();
  const random = createRandom(7);
  let bytes = 0;
  for (let row = 0; row < Number(rows); row++) {
    const from = 1_709_251_200_000 + Math.floor(row / 40) * 60_000;
    const value = random.next() * 100;
    bytes += Buffer.byteLength(
      `service-${row % 10},${new Date(from).toISOString()},${value + 1},cpu-usage,${value},${new Date(from + 60_000).toISOString()},percent,${value * 30},30\n`,
    );
  }
  return Promise.resolve([`bytes ${bytes}`, `seconds ${(performance.now() - started) / 1000}`]);
}
