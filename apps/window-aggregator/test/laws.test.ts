import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FakeAws } from './support/fake-aws.js';
import type { FlinkFault } from './support/fake-flink.js';
import { run } from './support/run-command.js';

/** What may happen to a call that is worth another look: refused for now, not obeyed, or obeyed without an answer. */
const FAULTS: readonly FlinkFault[] = [
  { fault: 'ThrottlingException' },
  { fault: 'ConcurrentModificationException' },
  { fault: 'InternalFailure', status: 500 },
  'reset',
  'lost',
];

const some = (maxLength: number) => fc.array(fc.constantFrom(...FAULTS), { maxLength });
/** Looks are refused for reasons of the moment only. */
const looks = fc.array(fc.constantFrom<FlinkFault>({ fault: 'ThrottlingException' }, 'reset'), { maxLength: 3 });

const seed = Number(process.env['PULSELAKE_SEED'] ?? Date.now() % 1e9);

it(`one start makes one update and one start, whatever two calls meet (seed ${seed})`, async () => {
  const oneRun = async (DescribeApplication: FlinkFault[], change: FlinkFault[], start: FlinkFault[]) => {
    const aws = await FakeAws.serve();
    aws.bucket.put('new.jar', 'new');
    Object.assign(aws.flink.faults, {
      DescribeApplication: [...DescribeApplication],
      UpdateApplication: [...change],
      StartApplication: [...start],
    });
    const args = ['start', '--application', 'windows', '--jar-key', 'new.jar'];
    const first = await run(args, aws);
    expect(first).toMatchObject({ exitCode: 0 });
    expect(aws.flink.operations.map(({ Operation }) => Operation)).toEqual(['UpdateApplication', 'StartApplication']);
    expect(aws.flink).toMatchObject({ state: 'RUNNING', key: 'new.jar', version: 4 });
    const before = aws.changes.length;
    expect((await run(args, aws)).exitCode).toBe(0);
    expect(aws.changes).toHaveLength(before);
  };
  await fc.assert(fc.asyncProperty(looks, some(1), some(1), oneRun), { seed, numRuns: 60 });
});

it(`one stop makes one snapshot and one stop, whatever two calls meet (seed ${seed})`, async () => {
  const oneRun = async (DescribeApplicationSnapshot: FlinkFault[], make: FlinkFault[], stop: FlinkFault[]) => {
    const aws = await FakeAws.serve();
    aws.flink.state = 'RUNNING';
    Object.assign(aws.flink.faults, {
      DescribeApplicationSnapshot: [...DescribeApplicationSnapshot],
      CreateApplicationSnapshot: [...make],
      StopApplication: [...stop],
    });
    const args = ['stop', '--application', 'windows', '--with-snapshot'];
    expect(await run(args, aws)).toMatchObject({ exitCode: 0 });
    expect(aws.flink.snapshots).toHaveLength(1);
    expect(aws.flink.operations.map(({ Operation }) => Operation)).toEqual(['StopApplication']);
    expect(aws.flink.state).toBe('READY');
    const before = aws.changes.length;
    expect((await run(args, aws)).exitCode).toBe(0);
    expect(aws.changes).toHaveLength(before);
  };
  await fc.assert(fc.asyncProperty(looks, some(2), some(2), oneRun), { seed, numRuns: 60 });
});
