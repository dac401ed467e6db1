import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execPath, pid, platform } from 'node:process';
import { type Lake, LakeBusyError, nodeLakeFiles } from '../src/index.js';
import { describe, expect, it } from 'vitest';
import { deadPid, pretendKilled } from './support/dead-process.js';
import { incrementCounter } from './support/increment-counter.js';
import { openLake } from './support/lakes.js';
import { temporaryFolder } from './support/temporary-folder.js';

/** A promise and what settles it. */
function latch() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}

/** Holds a lake until it is let go. */
async function hold(lake: Lake) {
  const entered = latch();
  const leave = latch();
  const done = lake.locked(async () => {
    entered.open();
    await leave.opened;
  });
  await entered.opened;
  return async () => {
    leave.open();
    await done;
  };
}

const fixture = (name: string) => join(import.meta.dirname, 'support', name);

describe('the lock', () => {
  it('makes the second writer wait until the first is done, and says who holds it', async () => {
    const root = temporaryFolder();
    const release = await hold(await openLake(root, { command: 'ingest metrics' }));
    const messages: string[] = [];
    const order: string[] = [];

    const second = openLake(root, { onMessage: (message) => messages.push(message) }).then((lake) =>
      lake.locked(() => Promise.resolve(order.push('second'))),
    );
    await new Promise((resolve) => setTimeout(resolve, 120));
    order.push('first');
    await release();
    await second;

    expect(order).toEqual(['first', 'second']);
    expect(messages).toEqual([`The lake is in use by "ingest metrics" (process ${pid}). Waiting for it.`]);
  });

  it('fails at once with noWait while another holds it', async () => {
    const root = temporaryFolder();
    const release = await hold(await openLake(root, { command: 'start' }));

    const attempt = openLake(root, { noWait: true });

    await expect(attempt).rejects.toBeInstanceOf(LakeBusyError);
    await expect(attempt).rejects.toThrow(`in use by "start" (process ${pid})`);
    await release();
    await openLake(root, { noWait: true });
  });

  it('stops waiting when it is told to', async () => {
    const root = temporaryFolder();
    const release = await hold(await openLake(root));
    const controller = new AbortController();

    const attempt = openLake(root, { signal: controller.signal, onMessage: () => controller.abort() });

    await expect(attempt).rejects.toMatchObject({ name: 'AbortError' });
    await release();
  });

  it('is given up when the work under it throws', async () => {
    const lake = await openLake(temporaryFolder());
    await expect(lake.locked(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await openLake(lake.root, { noWait: true });
  });

  it.each([
    ['a dead process', () => ({ pid: deadPid(), command: 'start' })],
    ['a process whose id another has now', () => ({ pid, startedAt: '1', command: 'start' })],
  ])('is broken when it is held by %s', async (_, holder) => {
    const root = temporaryFolder();
    const lake = await openLake(root);
    await lake.locked(() => {
      const [lock] = readdirSync(join(root, '_lock'));
      writeFileSync(join(root, '_lock', lock!), JSON.stringify(holder()));
      return openLake(root, { noWait: true });
    });
  });

  it.runIf(platform === 'linux')('is broken when its owner is dead but not yet reaped by its parent', async () => {
    const root = temporaryFolder();
    await openLake(root);
    // The shell becomes the second sleep, which never asks how the first ended.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const zombie = Number(line.toString());
      const stat = () => readFileSync(`/proc/${zombie}/stat`, 'utf8');
      while (!stat().includes(') Z ')) await new Promise((resolve) => setTimeout(resolve, 10));
      const [lock] = readdirSync(join(root, '_lock'));
      writeFileSync(join(root, '_lock', lock!), JSON.stringify({ pid: zombie, command: 'start' }));
      await openLake(root, { noWait: true });
    } finally {
      parent.kill('SIGKILL');
      await once(parent, 'exit');
    }
  });

  it('is broken when only a torn record is left of it', async () => {
    const lake = await openLake(temporaryFolder());
    const [lock] = readdirSync(join(lake.root, '_lock'));
    writeFileSync(join(lake.root, '_lock', lock!), '{"pid":');
    await openLake(lake.root, { noWait: true });
  });

  it('is not broken when it is held by a living process', async () => {
    const root = temporaryFolder();
    await openLake(root);
    const child = spawn(execPath, ['-e', 'setInterval(() => {}, 1000)']);
    try {
      const [lock] = readdirSync(join(root, '_lock'));
      writeFileSync(join(root, '_lock', lock!), JSON.stringify({ pid: child.pid, command: 'compact' }));
      await expect(openLake(root, { noWait: true })).rejects.toThrow(`"compact" (process ${child.pid!})`);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await openLake(root, { noWait: true });
  });

  it('goes to one of two which both saw it free, also when it changed hands in between', async () => {
    const root = temporaryFolder();
    const others = await openLake(root);
    let isHeld = false;
    let pause = () => Promise.resolve();
    const slow = await openLake(root, {
      files: {
        ...nodeLakeFiles,
        async link(from, to) {
          await pause();
          await nodeLakeFiles.link(from, to);
        },
      },
    });
    // The slow one has read that the lock is free. Now it goes through two hands and is held by a third.
    pause = async () => {
      pause = () => Promise.resolve();
      await others.locked(() => Promise.resolve());
      await others.locked(() => Promise.resolve());
      const release = await hold(others);
      isHeld = true;
      setTimeout(() => {
        isHeld = false;
        void release();
      }, 150);
    };

    expect(await slow.locked(() => Promise.resolve(isHeld))).toBe(false);
  });

  it.skipIf(process.env['PULSELAKE_MUTANTS'])('loses no increment of four at once in 50 rounds', async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'landing'));
    writeFileSync(join(root, 'landing/counter'), '0');
    const lakes = await Promise.all(Array.from({ length: 4 }, () => openLake(root)));
    for (let round = 0; round < 50; round++) {
      await Promise.all(lakes.map((lake) => lake.locked(() => incrementCounter(lake))));
    }
    expect(readFileSync(join(root, 'landing/counter'), 'utf8')).toBe('200');
    expect(readdirSync(join(root, '_lock'))).toHaveLength(1);
  });

  it.skipIf(process.env['PULSELAKE_MUTANTS'])('loses no increment of three processes at once', async () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'landing'));
    writeFileSync(join(root, 'landing/counter'), '0');
    const rounds = 20;
    const children = Array.from({ length: 3 }, () =>
      spawn(execPath, [fixture('run-typescript.mjs'), fixture('increment-as-process.ts'), root, String(rounds)], {
        stdio: ['ignore', 'ignore', 'pipe'],
      }),
    );
    const results = await Promise.all(
      children.map(async (child) => {
        let complaint = '';
        child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
        await once(child, 'close');
        return { code: child.exitCode, complaint };
      }),
    );
    expect(results).toEqual(children.map(() => ({ code: 0, complaint: '' })));
    expect(readFileSync(join(root, 'landing/counter'), 'utf8')).toBe(String(3 * rounds));
  });

  it('is free after a kill, whoever held it', async () => {
    const lake = await openLake(temporaryFolder());
    await hold(lake);
    pretendKilled(lake.root);
    await openLake(lake.root, { noWait: true });
  });
});
