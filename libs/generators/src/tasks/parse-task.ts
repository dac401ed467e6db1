import type { z } from 'zod';
import { checkCallGraph } from './call-graph.js';
import { fillPlaceholders } from './fill-placeholders.js';
import { MalformedTaskError } from './malformed-task-error.js';
import { taskEnd, TaskSchema, type Task } from './task-schema.js';

/** How {@link parseTask} reads a task. */
export interface ParseTaskOptions {
  /** Values of `${name}`; default none. */
  readonly placeholders?: Readonly<Record<string, string>>;
  /** How messages call the task; default `task.json`. */
  readonly fileName?: string;
}

/** What to do about a field that is wrong. */
const ADVICE: Readonly<Record<string, string>> = {
  '@type': 'Set it to one of these.',
  stepMillis: 'Set it to the distance between two windows, for example 300000.',
  rateMillis: 'Set it to the distance between two events, for example 30000.',
  startTime: 'Set it to an instant, for example "2024-02-28T21:00:00Z".',
  numberOfIterations: 'Set it to how often the timer fires, for example 500.',
  iterationsNumber: 'Set it to how often the timer fires, for example 25.',
  networkLagMinMillis: 'Set it to the shortest way of a call, for example 0.',
  networkLagMaxMillis: 'Set it to the longest way of a call, for example 4000.',
  randomSeed: 'Set it to a whole number, or leave it out.',
};

/**
 * Reads a task file of the training's generator.
 *
 * @throws MalformedTaskError when it is no JSON, a placeholder has no value, or a field is missing, unknown or wrong
 * @example parseTask('{"@type":"windowed-metrics",…}', { placeholders: { seed: '7' } })
 */
export function parseTask(text: string, { placeholders = {}, fileName = 'task.json' }: ParseTaskOptions = {}): Task {
  const filled = fillPlaceholders(text.replace(/^\ufeff/, ''), { placeholders, fileName });
  let json: unknown;
  try {
    json = JSON.parse(filled);
  } catch (error) {
    throw new MalformedTaskError(
      `${fileName}: not valid JSON (${(error as Error).message}). Correct the text there, for example a comma too many.`,
      { cause: error },
    );
  }
  const result = TaskSchema.safeParse(json);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    const { path, message } = describeIssue(issue, json);
    throw new MalformedTaskError(`${fileName}: ${message}`, { path, cause: result.error });
  }
  const task = result.data;
  if (taskEnd(task) === undefined) {
    throw new MalformedTaskError(
      `${fileName}: timer runs beyond the year 9999; every instant must lie in the years 1 to 9999. Set fewer iterations, an earlier startTime or shorter steps.`,
      { path: 'timer' },
    );
  }
  if (task['@type'] === 'server-access-log') checkCallGraph(task, fileName);
  return task;
}

function describeIssue(issue: z.core.$ZodIssue, json: unknown): { path: string; message: string } {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => `"${key}"`).join(', ');
    const where = path === '' ? 'the task' : path;
    return { path, message: `${where} has the unknown field ${keys}. Remove it, or correct its name.` };
  }
  const value = valueAt(json, issue.path);
  const last = String(issue.path.at(-1) ?? '');
  const is = value === undefined ? 'is missing' : `is ${shortened(value)}`;
  const advice = ADVICE[last] ?? (value === undefined ? 'Add it.' : 'Correct it.');
  return { path, message: `${path === '' ? 'the task' : path} ${is}; it ${requirement(issue)}. ${advice}` };
}

function requirement(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${issue.expected === 'int' ? 'a whole number' : `of type ${issue.expected}`}`;
    case 'too_small':
      return `must be at least ${String(issue.minimum)}`;
    case 'too_big':
      return `must be at most ${String(issue.maximum)}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'invalid_union':
      return `must be ${allowedTypes(issue.path)}`;
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'is no possible name';
    default:
      return issue.message;
  }
}

function allowedTypes(path: readonly PropertyKey[]): string {
  return path.includes('timer')
    ? '"synthetic" or "realtime"'
    : '"windowed-metrics", "server-access-log" or "kinesis-metrics-stream"';
}

function valueAt(json: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    json,
  );
}

function shortened(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
