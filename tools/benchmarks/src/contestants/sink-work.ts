import process from 'node:process';

/** Records sent before the measurement begins. */
const WARM_UP = 100_000;
const SERIES = 500;

export interface SinkRecord {
  readonly partitionKey: string;
  readonly data: Buffer;
}

/** The n-th record: an event of some 190 bytes. */
export function sinkRecord(at: number): SinkRecord {
  const series = at % SERIES;
  return {
    partitionKey: `service-${series}_cpu-usage`,
    data: Buffer.from(
      `{"metricName":"cpu-usage","componentName":"service-${series}","publicationTimestamp":"2024-03-01T12:34:56.789Z","value":${at}.25,"unit":"percent","eventId":"${String(at).padStart(32, '0')}"}`,
    ),
  };
}

/** Sends records twice: to warm up, then measured. `send` resolves with how many were accepted. */
export async function measureSending(
  records: number,
  send: (records: Iterable<SinkRecord>) => Promise<number>,
): Promise<string[]> {
  const make = (count: number) => Array.from({ length: count }, (_, at) => sinkRecord(at));
  await send(make(WARM_UP));
  // Made before, so that only the sending is measured.
  const made = make(records);
  const before = process.cpuUsage();
  const startedMs = performance.now();
  const accepted = await send(made);
  const { user, system } = process.cpuUsage(before);
  return [
    `accepted ${accepted}`,
    `cpu ${(user + system) / records}`,
    `seconds ${(performance.now() - startedMs) / 1000}`,
  ];
}

/** Sends batches of 500, eight at a time, as a program without a sink would. */
export async function sendBatches(
  records: Iterable<SinkRecord>,
  put: (batch: readonly SinkRecord[]) => Promise<number>,
): Promise<number> {
  let accepted = 0;
  const all = records[Symbol.iterator]();
  const worker = async () => {
    for (;;) {
      const batch: SinkRecord[] = [];
      for (let next = all.next(); !next.done; next = all.next()) {
        batch.push(next.value);
        if (batch.length === 500) break;
      }
      if (batch.length === 0) return;
      const taken = await put(batch);
      accepted += taken;
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return accepted;
}
