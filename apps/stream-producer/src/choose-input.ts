import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import {
  generateDataset,
  MalformedTaskError,
  type MetricsStreamTask,
  parseTask,
  PRESET_NAMES,
  type PresetName,
} from '@pulselake/generators';
import { InputError, UsageError } from './errors.js';
import type { EventSource } from './event-source.js';
import { fileSources } from './file-sources.js';
import { generatedSources, liveSource } from './generated-sources.js';
import { standardInput } from './standard-input.js';

/** Presets of the generator, and `live`: the shop's events as time goes on. */
export const INPUT_PRESETS = [...PRESET_NAMES, 'live'] as const;

export interface InputChoice {
  readonly files: readonly string[];
  readonly task?: string | undefined;
  readonly preset?: PresetName | 'live' | undefined;
  readonly seed?: number | undefined;
  /** Where a preset's data ends. */
  readonly nowMs: number;
  readonly stdin: Readable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** What to send, and what a task says about where to. */
export interface ChosenInput {
  readonly sources: readonly EventSource[];
  readonly task?: MetricsStreamTask;
}

/** @throws UsageError unless exactly one kind of input is named */
export async function chooseInput(choice: InputChoice): Promise<ChosenInput> {
  const { files, task, preset, seed } = choice;
  const kinds = [files.length > 0, task !== undefined, preset !== undefined].filter(Boolean).length;
  if (kinds !== 1) {
    throw new UsageError('Name one kind of input: files, - for standard input, --task FILE, or --preset NAME.');
  }
  if (task !== undefined) {
    const read = await readTask(task, choice.env);
    return {
      sources: generatedSources(generateDataset({ task: read, ...(seed !== undefined && { seed }) })),
      task: read,
    };
  }
  if (preset === 'live')
    return { sources: [liveSource({ seed: seed ?? 1, clock: choice.clock, sleep: choice.sleep })] };
  if (preset !== undefined) {
    return { sources: generatedSources(generateDataset({ preset, seed: seed ?? 1, nowMs: choice.nowMs })) };
  }
  if (!files.includes('-')) return { sources: await fileSources(files) };
  if (files.length > 1) throw new UsageError('Standard input (-) cannot be sent together with files.');
  return { sources: [standardInput(choice.stdin)] };
}

async function readTask(path: string, env: Readonly<Record<string, string | undefined>>): Promise<MetricsStreamTask> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new InputError(`${path}: the task file cannot be read (${(cause as Error).message}).`, { cause });
  }
  const placeholders = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const task = parseTask(text, { placeholders, fileName: basename(path) });
  if (task['@type'] !== 'kinesis-metrics-stream') {
    throw new MalformedTaskError(
      `${basename(path)}: @type is "${task['@type']}"; only "kinesis-metrics-stream" goes to a stream. Make the others' files by: pulselake generate --task`,
    );
  }
  return task;
}
