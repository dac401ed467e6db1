import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { expect, it, onTestFinished } from 'vitest';
import { buildCommand } from './support/build-command.js';
import { GlueServer } from './support/glue-server.js';

const KEYS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/** `run --wait` as a program of its own. `onText` is told all of its standard error so far. */
async function runCommand(
  glue: GlueServer,
  onText: (text: string, stop: () => void) => void,
): Promise<{ code: number | null; out: string; err: string }> {
  const program = await buildCommand();
  const args = ['run', '--job', 'metrics-etl', '--wait', '--endpoint', glue.url, '--region', 'eu-central-1'];
  const child = spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...KEYS },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Also after a test that failed.
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
    onText(err, () => child.kill('SIGINT'));
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

it('cancels its run at Ctrl-C, as a program of its own', async () => {
  const glue = await GlueServer.serve();
  let isStopped = false;
  const { code, out, err } = await runCommand(glue, (text, stop) => {
    if (isStopped || !text.includes('is RUNNING')) return;
    isStopped = true;
    stop();
  });
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('stopping: asking Glue to cancel the run jr_1; once more Ctrl-C leaves at once\n');
  expect(err).toContain('Stopped: the run jr_1 of metrics-etl is STOPPED.\n');
  expect(glue.state).toBe('STOPPED');
});

it('finds the run that it started when the answer was lost, as a program of its own', async () => {
  const glue = await GlueServer.serve();
  glue.loseNextAnswer();
  let isStopped = false;
  const { err } = await runCommand(glue, (text, stop) => {
    if (isStopped || !text.includes('is RUNNING')) return;
    isStopped = true;
    stop();
  });
  expect(err).toMatch(/^trying again: Glue could not be asked: .*\nmetrics-etl: run jr_1, client token /);
  expect(glue.operations.filter((operation) => operation === 'StartJobRun')).toHaveLength(1);
  expect(glue.state).toBe('STOPPED');
});
