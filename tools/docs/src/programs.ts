import { PassThrough } from 'node:stream';
import { grafanaProgram } from '@pulselake/grafana';
import { runProducer } from '@pulselake/stream-producer';
/* eslint-disable @nx/enforce-module-boundaries -- a tool may use apps; these are marked as no libraries */
import { runEtl } from '@pulselake/metrics-etl';
import { runTraffic } from '@pulselake/traffic-report';
import { runFlink } from '@pulselake/window-aggregator';
/* eslint-enable @nx/enforce-module-boundaries */
import { runPulselake } from 'pulselake';

/** What a program writes when it is asked for help on some words. */
type Help = (words: readonly string[]) => Promise<string>;

/** The commands that the documentation speaks of, by their names. */
export const PROGRAMS: Readonly<Record<string, Help>> = {
  pulselake: helpOf((args, io) => runPulselake(args, io)),
  'pulselake-produce': helpOf((args, io) => runProducer(args, io)),
  'pulselake-etl': helpOf((args, io) => runEtl(args, io)),
  'pulselake-traffic': helpOf((args, io) => runTraffic(args, io)),
  'pulselake-flink': helpOf((args, io) => runFlink(args, io)),
  'pulselake-grafana': async (words) => {
    const written: string[] = [];
    const program = grafanaProgram({ out: (text) => written.push(text), env: {} });
    for (const command of [program, ...program.commands])
      command.configureOutput({ writeOut: (text) => written.push(text) });
    await program.parseAsync([...words, '--help'], { from: 'user' }).catch(() => undefined);
    return written.join('');
  },
};

/** A command with what it says of itself. */
export interface CommandHelp {
  /** Its words, the program's name first. */
  readonly words: readonly string[];
  readonly text: string;
  /** Names of the commands below it. */
  readonly commands: readonly string[];
  /** Its options, `--name`, without those that every command has. */
  readonly options: ReadonlySet<string>;
}

/** A program and all commands below it, each before those below it. */
export async function commandsOf(name: string): Promise<CommandHelp[]> {
  const help = PROGRAMS[name];
  if (help === undefined)
    throw new Error(`There is no program ${name}; known are ${Object.keys(PROGRAMS).join(', ')}.`);
  const found: CommandHelp[] = [];
  const queue: string[][] = [[]];
  for (const words of queue) {
    const text = await help(words);
    const commands = [...section(text, 'Commands').matchAll(/^ {2}([a-z][\w-]*)/gm)]
      .map(([, command]) => command!)
      .filter((command) => command !== 'help');
    found.push({
      words: [name, ...words],
      text: text.trimEnd(),
      commands,
      options: new Set([...section(text, 'Options').matchAll(/(?<![\w-])--[a-z][\w-]*/g)].map(([option]) => option)),
    });
    for (const command of commands) queue.push([...words, command]);
  }
  return found;
}

function section(help: string, title: string): string {
  return new RegExp(`^${title}:\\n((?: .*\\n|\\n(?= ))*)`, 'm').exec(`${help}\n`)?.[1] ?? '';
}

interface Io {
  readonly stdin: PassThrough;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: () => number;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** Runs a program in this process. To give help it needs no more than where to write. */
function helpOf(run: (args: readonly string[], io: never) => Promise<number>): Help {
  return async (words) => {
    const written: Buffer[] = [];
    const out = new PassThrough().on('data', (chunk: Buffer) => written.push(chunk));
    const io: Io = {
      stdin: new PassThrough(),
      stdout: out,
      stderr: out,
      env: {},
      clock: () => 0,
      random: () => 0,
      signal: new AbortController().signal,
    };
    await run([...words, '--help'], io as never);
    return Buffer.concat(written).toString();
  };
}
