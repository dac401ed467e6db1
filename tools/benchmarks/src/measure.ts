import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** One run of a program. */
export interface Sample {
  /** Wall time of the whole process, start included. */
  readonly seconds: number;
  /** Highest resident set of the process, in 10^6 bytes; 0 when the program does not tell. */
  readonly rssMB: number;
  /** What it printed. */
  readonly stdout: string;
}

/** A program under measurement. `setup` runs before each round, outside the time. */
export interface Contestant {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly setup?: () => Promise<void>;
}

/** Medians and spread of one contestant's rounds. */
export interface Figure {
  readonly name: string;
  readonly seconds: number;
  readonly secondsMin: number;
  readonly secondsMax: number;
  /** The highest of all rounds. */
  readonly rssMB: number;
  readonly stdout: string;
}

const RSS = /^maxRSS (\d+)$/m;

/** Runs the contestants in turn, `rounds` times, after one warm-up each: a drift of the machine meets all alike. */
export async function alternate(contestants: readonly Contestant[], rounds: number): Promise<Figure[]> {
  const samples = contestants.map((): Sample[] => []);
  for (let round = -1; round < rounds; round++) {
    for (const [index, contestant] of contestants.entries()) {
      await contestant.setup?.();
      const sample = await runOnce(contestant);
      if (round >= 0) samples[index]!.push(sample);
    }
  }
  return contestants.map(({ name }, index) => {
    const seconds = samples[index]!.map((sample) => sample.seconds).sort((a, b) => a - b);
    return {
      name,
      seconds: median(seconds),
      secondsMin: seconds[0]!,
      secondsMax: seconds.at(-1)!,
      rssMB: Math.max(...samples[index]!.map((sample) => sample.rssMB)),
      stdout: samples[index]!.at(-1)!.stdout,
    };
  });
}

/** Runs a program once. */
export async function runOnce({
  name,
  command: [program, ...args],
}: Pick<Contestant, 'name' | 'command'>): Promise<Sample> {
  const started = performance.now();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${stderr.slice(-2000)}`);
  return { seconds, rssMB: (Number(RSS.exec(stderr)?.[1] ?? 0) * 1024) / 1e6, stdout };
}

function median(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
