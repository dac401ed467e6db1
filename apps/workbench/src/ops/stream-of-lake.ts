import type { Lake } from '@pulselake/lake';

/** The stream of windows that the Flink jobs of a lake write to, when there is just one. */
export async function streamOfLake(lake: Lake): Promise<string | undefined> {
  const { runs } = await lake.ledger();
  const streams = new Set(runs.flatMap(({ job }) => job?.outputStream ?? []));
  return streams.size === 1 ? [...streams][0] : undefined;
}
