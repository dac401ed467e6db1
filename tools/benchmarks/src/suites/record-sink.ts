import { strictEqual } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { alternate, type Figure, runOnce } from '../measure.js';
import { atLeast, atMost, spreadOf, type Verdict, withinMemory } from '../verdict.js';
import type { Suite, SuiteOptions } from './suite.js';

const RECORDS = 400_000;
const MEMORY_MB = 250;
const DOWN_SECONDS = 10;

/** The client's CPU for each record, against a hand-signed client and the SDK's, all to the same server on loopback. */
export const recordSink: Suite = {
  async compare(options) {
    // The SDK signs with them, and nobody checks.
    process.env['AWS_ACCESS_KEY_ID'] = 'test';
    process.env['AWS_SECRET_ACCESS_KEY'] = 'test';
    const [program, ...args] = options.work('sink-server');
    const server = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
      return await compareOn(line.split(' ').slice(1), options);
    } finally {
      server.kill();
    }
  },
};

async function compareOn(
  [http1, http2, away]: readonly string[],
  { rounds, scale, work }: SuiteOptions,
): Promise<Verdict[]> {
  const records = String(Math.round(RECORDS * scale));
  const contestants = [
    { name: 'KinesisRecordSink', command: work('sink-ours', http1!, records) },
    { name: 'undici, hand-signed', command: work('sink-signed', http1!, records) },
    { name: 'SDK default', command: work('sink-sdk', http2!, records) },
  ];
  const [ours, signed, sdk] = (await alternate(contestants, rounds)) as [Figure, Figure, Figure];
  for (const { stdout } of [ours, signed, sdk]) strictEqual(/^accepted (\d+)$/m.exec(stdout)![1], records);
  const down = await runOnce({ name: 'sink-down', command: work('sink-down', away!, String(DOWN_SECONDS)) });
  const text = (figure: Figure) => `${cpuOf(figure).toFixed(2)} µs`;
  return [
    {
      work: 'record sink, client CPU per record',
      figure: text(ours),
      baseline: `hand-signed undici ${text(signed)}`,
      ...atMost(cpuOf(ours) / cpuOf(signed), 1.5),
      rssMB: ours.rssMB,
      spread: `whole processes ${spreadOf(ours, signed)}`,
    },
    {
      work: 'record sink, client CPU per record',
      figure: text(ours),
      baseline: `SDK default, HTTP/2 without TLS ${text(sdk)}`,
      ...atLeast(cpuOf(sdk) / cpuOf(ours), 3),
      rssMB: ours.rssMB,
      spread: `whole processes ${spreadOf(ours, sdk)}`,
    },
    {
      work: 'record sink, memory while the server is away',
      figure: down.stdout.trim(),
      baseline: `${DOWN_SECONDS} s of a caller that never rests`,
      ...withinMemory(atMost(down.rssMB / MEMORY_MB, 1), down.rssMB, MEMORY_MB),
      spread: 'one run',
    },
  ];
}

/** Microseconds a record, of the last round. */
function cpuOf({ stdout }: Figure): number {
  return Number(/^cpu ([\d.]+)$/m.exec(stdout)![1]);
}
