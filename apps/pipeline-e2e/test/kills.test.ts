import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { deliverOnce, deliverUntil } from './support/deliver.js';
import { fitting, lateOnesLast, recordsOfShards, sentinel } from './support/event-files.js';
import { rejectsOf, windowDifferences } from './support/lake-rows.js';
import { pulselake, pulselakeJson } from './support/run-program.js';
import { NOW, startEngines } from './support/engines.js';

const FULL = process.env['PULSELAKE_PROOF'] === 'full';
const KILLS = FULL ? 20 : 2;
const SCALE = FULL ? 4 : 0.5;

describe('a job that is killed', () => {
  test(`ends with the same lake after ${KILLS} kills at random moments`, async () => {
    const { data, lake, embedded, kinesis, job } = await startEngines();
    await pulselakeJson([
      'generate',
      '--preset',
      'faulty',
      '--seed',
      '9',
      '--scale',
      String(SCALE),
      '--now',
      NOW,
      '--out',
      data,
    ]);
    await pulselakeJson(['ingest', 'events', join(data, 'events'), '--now', NOW, '--lake', embedded]);
    const shards = (await recordsOfShards(join(data, 'events'))).map((records) => lateOnesLast(fitting(records), NOW));

    await kinesis.makeStream('metric-events', 2);
    await kinesis.makeStream('windowed-metrics', 2);
    let sent = 0;
    const moments: number[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const part = shards.map(({ punctual }) =>
        punctual.slice(
          Math.floor((punctual.length * kill) / KILLS),
          Math.floor((punctual.length * (kill + 1)) / KILLS),
        ),
      );
      // Also with other numbers of subtasks: two shards in one, and a subtask without any.
      job.start(1 + (kill % 3));
      // From before the job stands until long after its first checkpoints; with the records put meanwhile.
      const moment = 1500 + Math.floor(Math.random() * (kill % 4 === 0 ? 16_000 : 6_000));
      moments.push(moment);
      const [put] = await Promise.all([kinesis.putSideBySide('metric-events', part), sleep(moment)]);
      sent += put;
      await job.kill();
      if (kill % 5 === 2) await deliverOnce({ lake, endpoint: kinesis.endpoint });
    }
    job.start();
    sent += await kinesis.putSideBySide(
      'metric-events',
      shards.map((_, shard) => [sentinel(NOW, shard)]),
    );
    await job.until(({ read, open }) => read === sent && open === 2);
    sent += await kinesis.putSideBySide(
      'metric-events',
      shards.map(({ late }) => late),
    );
    const account = await job.until(({ read }) => read === sent);
    await deliverUntil(account['rowsWritten']!, { lake, endpoint: kinesis.endpoint });
    await job.kill();

    const proof = await pulselake(['verify', '--lake', lake]);
    expect(proof.exitCode, `${proof.stdout} ${JSON.stringify(moments)}`).toBe(0);
    await pulselakeJson(['redrive', '--reason', 'late', '--now', NOW, '--lake', lake]);
    expect(await windowDifferences(embedded, lake), JSON.stringify(moments)).toEqual([]);
    expect(await rejectsOf(lake)).toEqual(
      (await rejectsOf(embedded)).filter((text) => !(text.startsWith('too-long') && text.length > 8_000)),
    );
    process.stderr.write(
      `${KILLS} kills: ${sent} records, ${account['late'] ?? 0} late, ${account['windowsCorrected'] ?? 0} corrected\n`,
    );
  });
});
