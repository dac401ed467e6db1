import { formatInstant } from '@pulselake/data-model';
import type { Faults } from './faults.js';
import type { DatasetFile } from './files/dataset-file.js';
import { largeFiles } from './files/large-files.js';
import { presetFiles } from './files/preset-files.js';
import { demoPlan, faultyPlan, PRESET_NAMES, type PresetName } from './presets.js';
import { createRandom } from './random.js';
import { taskFiles } from './tasks/task-files.js';
import { taskEnd, type Task } from './tasks/task-schema.js';

/** A data set, described: its files are made when they are asked for, each for itself. */
export interface Dataset {
  /** The preset, or the task's `@type`. */
  readonly preset: string;
  readonly seed: number;
  /** The clock to process it with, milliseconds since the epoch. */
  readonly nowMs: number;
  /** In order of age. */
  readonly files: readonly DatasetFile[];
}

/** Which preset {@link generateDataset} makes, and from what. */
export interface GeneratePresetOptions {
  readonly preset: PresetName;
  /** Any safe integer. */
  readonly seed: number;
  /** The clock: the data ends here. Whole milliseconds since the epoch, 1970-01-05 to 9999. */
  readonly nowMs: number;
  /** Multiplies the numbers of records of `faulty` and `large`, 0.01 to 100; default 1. */
  readonly scale?: number;
  /** Replaces faults of `demo` and `faulty`; default the preset's own. */
  readonly faults?: Partial<Faults>;
}

/** Which training task {@link generateDataset} runs, and from what. */
export interface GenerateTaskOptions {
  readonly task: Task;
  /** Any safe integer; default the task's `randomSeed`, else 0. */
  readonly seed?: number;
  /** The clock; default the end of the task's data. */
  readonly nowMs?: number;
}

/**
 * Describes the data set of a preset or of a training task. The same options give the same bytes.
 *
 * @throws RangeError when an option is out of its range
 * @example generateDataset({ preset: 'faulty', seed: 7, nowMs: Date.UTC(2024, 2, 3, 15) })
 */
export function generateDataset(options: GeneratePresetOptions | GenerateTaskOptions): Dataset {
  if ('task' in options) {
    const { task, seed = task.randomSeed ?? 0, nowMs = taskEnd(task)! } = options;
    return { preset: task['@type'], seed, nowMs, files: taskFiles(task, createRandom(seed)) };
  }
  const { preset, seed, nowMs, scale = 1, faults } = options;
  if (!PRESET_NAMES.includes(preset)) {
    throw new RangeError(`preset is "${preset as string}"; it must be one of ${PRESET_NAMES.join(', ')}.`);
  }
  if (!(scale >= 0.01 && scale <= 100)) throw new RangeError(`scale is ${scale}; it must be between 0.01 and 100.`);
  if (!Number.isSafeInteger(nowMs) || nowMs < 4 * 86_400_000 || nowMs > 253_402_128_000_000) {
    throw new RangeError(`nowMs is ${nowMs}; it must be whole milliseconds from ${formatInstant(4 * 86_400_000)} on.`);
  }
  if (preset === 'large') return { preset, seed, nowMs, files: largeFiles({ seed, nowMs, scale }) };
  const random = createRandom(seed).fork(preset);
  const plan = (preset === 'demo' ? demoPlan : faultyPlan)({ nowMs, random, scale, faults });
  return { preset, seed, nowMs, files: presetFiles(plan) };
}
