import type { Random } from '@pulselake/generators';
import { linesOf } from './line-model.js';
import { cutAnywhere, mutate } from './mutate.js';
import type { Reading } from './read-input.js';
import { columnsOf, type Subject } from './subjects.js';

/** What was tried, and what was found. */
export interface FuzzResult {
  readonly cases: number;
  readonly records: number;
  /** Records that were taken, and those that were rejected: a fuzz that meets only one of the two proves little. */
  readonly taken: number;
  readonly slowestMs: number;
  /** The first cases that went wrong, each with its input. */
  readonly faults: readonly string[];
}

const MAX_FAULTS = 5;

/** Reads mutated inputs and holds what the parser made of them against the model. Stops at a handful of faults. */
export function fuzzParser(subject: Subject, cases: number, random: Random): FuzzResult {
  const faults: string[] = [];
  let [records, taken, slowestMs] = [0, 0, 0];
  for (let done = 0; done < cases; done++) {
    const input = inputOf(subject, random);
    const chunks = cutAnywhere(input, random);
    const maxRecordBytes = random.chance(0.8) ? 1_048_576 : random.pick([1, 150, 300]);
    const started = performance.now();
    const reading = readSafely(subject, chunks, maxRecordBytes);
    slowestMs = Math.max(slowestMs, performance.now() - started);
    const fault = faultOf(subject, input, reading, maxRecordBytes);
    if (fault !== undefined) {
      const sizes = chunks.map(({ length }) => length).join(' ');
      faults.push(`${fault} (at most ${maxRecordBytes} bytes, chunks of ${sizes}): ${input.toString('base64')}`);
      if (faults.length === MAX_FAULTS) break;
    }
    if (typeof reading === 'string') continue;
    records += reading.records;
    taken += reading.counted + [...reading.outcomes.values()].filter((outcome) => outcome.startsWith('[')).length;
  }
  return { cases, records, taken, slowestMs, faults };
}

function inputOf({ records, header }: Subject, random: Random): Buffer {
  const lines = Array.from({ length: random.int(0, 7) }, () => {
    const record = random.pick(records);
    return random.chance(0.4) ? record : mutate(record, random, records);
  });
  if (header) lines.unshift(random.chance(0.95) ? header : mutate(header, random, records));
  const lineEnd = Buffer.from(random.chance(0.8) ? '\n' : '\r\n');
  const parts = lines.flatMap((line) => [line, lineEnd]);
  const whole = Buffer.concat(random.chance(0.3) ? parts.slice(0, -1) : parts);
  const marked = random.chance(0.1) ? Buffer.concat([Buffer.from('\ufeff'), whole]) : whole;
  return random.chance(0.05) ? mutate(marked, random, records) : marked;
}

/** The reading, or `header` when the header was refused, or another error as text. */
function readSafely(subject: Subject, chunks: readonly Buffer[], maxRecordBytes: number): Reading | string {
  try {
    return subject.read(chunks, maxRecordBytes);
  } catch (error) {
    return error instanceof Error && error.name === 'CsvHeaderError' ? 'header' : `it throws ${String(error)}`;
  }
}

function faultOf(
  subject: Subject,
  input: Buffer,
  reading: Reading | string,
  maxRecordBytes: number,
): string | undefined {
  const all = linesOf(input, maxRecordBytes);
  const [first] = subject.header ? all : [];
  const isRefused = first !== undefined && (first.bytes > maxRecordBytes || columnsOf(first.text) === undefined);
  if (typeof reading === 'string') return reading === 'header' && isRefused ? undefined : reading;
  if (isRefused) return 'a header that lacks a column is taken';
  const lines = subject.header ? all.slice(1) : all;
  const { records, outcomes, repeated, counted } = reading;
  if (repeated.length > 0) return `counted more than once: ${repeated.join(', ')}`;
  if (records !== lines.length) return `${lines.length} records, but ${records} were read`;
  if (outcomes.size + counted !== records)
    return `${records} records, but ${outcomes.size + counted} are accounted for`;
  const numbers = new Set(lines.map(({ line }) => line));
  if ([...outcomes.keys()].some((line) => !numbers.has(line))) return 'an outcome of a line that there is not';
  const header = first ? columnsOf(first.text)! : [];
  for (const { line, text, fault } of lines) {
    const expected = fault ?? subject.outcomeOf?.(text, header) ?? outcomes.get(line);
    if (outcomes.get(line) !== expected) {
      return `line ${line} is ${outcomes.get(line) ?? 'counted'}, by the model ${expected ?? 'counted'}`;
    }
  }
  // How it was cut must not show, whatever the model does not look at.
  const again = readSafely(subject, [input], maxRecordBytes);
  const agrees =
    typeof again !== 'string' &&
    again.rest === reading.rest &&
    lines.every(({ line }) => again.outcomes.get(line) === outcomes.get(line));
  return agrees ? undefined : 'cut otherwise it reads otherwise';
}
