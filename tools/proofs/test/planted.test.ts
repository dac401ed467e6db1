import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { amountOf, report } from '../src/amount.js';
import { buildCommand } from '../src/faults/build-command.js';
import { commandStages, type CommandStage, streamCommandStage } from '../src/faults/stages.js';
import { ledgerText } from '../src/kills/phase.js';
import {
  COPY_BUGS,
  COUNTER_BUGS,
  plant,
  type PlantedBug,
  REDRIVE_BUGS,
  REJECT_BUGS,
  STREAM_BUGS,
  WRITER_BUGS,
} from '../src/planted/planted-bug.js';

const folder = mkdtempSync(join(tmpdir(), 'pulselake-planted-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const stages = new Map<string, CommandStage>(
  [...commandStages(join(folder, 'inputs')), streamCommandStage()].map((stage) => [stage.name, stage]),
);

/** The bugs of each stage. What a stage begins with is made by the sound command. */
const ALL: readonly (readonly [stage: string, name: string, bug: PlantedBug])[] = [
  ...['metrics', 'events'].flatMap((stage) =>
    [...WRITER_BUGS, ...REJECT_BUGS].map((bug) => [stage, bug.name, bug] as const),
  ),
  ...[...COUNTER_BUGS, ...REJECT_BUGS].map((bug) => ['logs', bug.name, bug] as const),
  ...[...STREAM_BUGS, ...WRITER_BUGS].map((bug) => ['stream', bug.name, bug] as const),
  ...COPY_BUGS.map((bug) => ['compact', bug.name, bug] as const),
  ...COPY_BUGS.map((bug) => ['forget merged', bug.name, bug] as const),
  ...[...REDRIVE_BUGS, ...WRITER_BUGS].map((bug) => ['redrive', bug.name, bug] as const),
];
/** Builds take their time: in every test run only some. */
const PLANTED = ALL.filter((_, index) => index % amountOf({ full: 1, small: 4 }) === 0);

/** Whether it is a file or folder of the lake, or one of its runs. */
function isNamed(root: string, subject: string): boolean {
  return existsSync(join(root, subject)) || [...ledgerText(root).keys()].some((key) => key.includes(subject));
}

let sound: Awaited<ReturnType<typeof buildCommand>>;
beforeAll(async () => {
  sound = await buildCommand();
});
afterAll(() => sound.remove());
let found = 0;
afterAll(() => report('planted bugs', { planted: PLANTED.length, found }));

it.each(PLANTED)(
  'verify finds in %s: %s',
  async (name, _, bug) => {
    const stage = stages.get(name === 'forget merged' ? 'forget' : name)!;
    const root = join(folder, name, 'lake');
    rmSync(root, { recursive: true, force: true });
    await stage.prepare?.(root);
    if (name === 'forget merged')
      execFileSync(execPath, [sound.program, 'compact', '--lake', root], { stdio: 'ignore' });
    const copy = `${root}-sound`;
    rmSync(copy, { recursive: true, force: true });
    if (stage.prepare) cpSync(root, copy, { recursive: true });
    const run = (program: string, lake: string, args: readonly string[]) =>
      spawnSync(execPath, [program, ...args, '--lake', lake], { input: stage.stdin ?? '', encoding: 'utf8' });

    const buggy = await buildCommand([plant(bug)]);
    for (const args of stage.commands) run(buggy.program, root, args);
    buggy.remove();
    const { status, stdout } = run(sound.program, root, ['verify', '--json']);
    const { problems } = JSON.parse(stdout) as { problems: { subject: string }[] };
    expect(problems).not.toEqual([]);
    expect(problems.filter(({ subject }) => !isNamed(root, subject))).toEqual([]);
    expect(status).toBe(1);
    found++;

    // Without the bug nothing is found: it is the bug that was.
    for (const args of stage.commands) run(sound.program, copy, args);
    expect(run(sound.program, copy, ['verify']).stdout).toContain('Proved');
  },
  120_000,
);
