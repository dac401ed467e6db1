import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** A bug that a build of the command gets: other text in one of its sources. */
export interface PlantedBug {
  readonly name: string;
  /** End of the source's path. */
  readonly file: string;
  /** Must be there exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Put at the source's end; default nothing. */
  readonly append?: string;
}

/** Plants a bug. The build fails when the source is not as the bug wants it: a bug that is not planted proves nothing. */
export function plant({ file, find, replace, append = '' }: PlantedBug): Plugin {
  return {
    name: 'planted-bug',
    setup(build) {
      let planted = false;
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!path.endsWith(file)) return undefined;
        const source = await readFile(path, 'utf8');
        if (source.split(find).length !== 2) throw new Error(`${file} has "${find}" not exactly once.`);
        planted = true;
        return { contents: `${source.replace(find, () => replace)}\n${append}`, loader: 'ts' };
      });
      build.onEnd(() => {
        if (!planted) throw new Error(`${file} is no part of the command.`);
      });
    },
  };
}

/** Runs a statement at the third call only. */
const third = (statement: string) =>
  `if ((globalThis.plantedCalls = (globalThis.plantedCalls ?? 0) + 1) === 3) { ${statement} }`;

/** Makes a method of a class do something else at its third call, whatever is inside it. */
function inMethod(file: string, of: string, method: string, atThird: 'drop' | 'repeat') {
  const append = `{
    const original = ${of}.prototype.${method};
    ${of}.prototype.${method} = function (...given) {
      ${third(atThird === 'drop' ? 'return;' : 'original.apply(this, given);')}
      return original.apply(this, given);
    };
  }`;
  const find = `export class ${of} `;
  return { file, find, replace: find, append };
}

const WRITER = ['libs/lake/src/windows-writer.ts', 'WindowsWriter', 'add'] as const;
const COUNTER = ['libs/processing/src/logs/traffic-counter.ts', 'TrafficCounter', 'count'] as const;
const IN_REJECTS = {
  file: 'libs/lake/src/rejected-writer.ts',
  find: 'this.#pending += `${JSON.stringify(record)}\\n`;',
};
const IN_COPY = { file: 'libs/lake/src/upkeep/copy-windows.ts', find: 'COPY (${query}) TO' };
const IN_STREAM = {
  file: 'apps/workbench/src/pipelines/stream-windows.ts',
  find: 'const outcome = this.#aggregator.add(this.#input, event, this.#nowMs);',
};
const IN_REDRIVE = {
  file: 'apps/workbench/src/pipelines/redrive/record-readers.ts',
  find: '      aggregator.add(shard, event, nowMs);',
};

/** Between the reader and the writer of windows. */
export const WRITER_BUGS: readonly PlantedBug[] = [
  { name: 'a row dropped', ...inMethod(...WRITER, 'drop') },
  { name: 'a row written twice', ...inMethod(...WRITER, 'repeat') },
];

export const COUNTER_BUGS: readonly PlantedBug[] = [
  { name: 'a call dropped', ...inMethod(...COUNTER, 'drop') },
  { name: 'a call counted twice', ...inMethod(...COUNTER, 'repeat') },
];

/** Counted as rejected, but not in the file, or there twice. */
export const REJECT_BUGS: readonly PlantedBug[] = [
  { name: 'a rejected record not written', ...IN_REJECTS, replace: `if (this.#rows !== 0) { ${IN_REJECTS.find} }` },
  {
    name: 'a rejected record written twice',
    ...IN_REJECTS,
    replace: `${IN_REJECTS.find} if (this.#rows === 0) ${IN_REJECTS.find}`,
  },
];

/** Where files are written from files: when they are merged, and when inputs are taken out of them. */
export const COPY_BUGS: readonly PlantedBug[] = [
  {
    name: 'a row dropped',
    ...IN_COPY,
    replace: 'COPY (SELECT * FROM (${query}) LIMIT (SELECT count(*) - 1 FROM (${query}))) TO',
  },
  {
    name: 'a row written twice',
    ...IN_COPY,
    replace: 'COPY (SELECT * FROM (${query}) UNION ALL (SELECT * FROM (${query}) LIMIT 1)) TO',
  },
];

export const STREAM_BUGS: readonly PlantedBug[] = [
  { name: 'an event dropped', ...IN_STREAM, replace: `${third('this.#accepted++; return;')} ${IN_STREAM.find}` },
  {
    name: 'an event counted twice',
    ...IN_STREAM,
    replace: `${third('event.hasId = false; this.#aggregator.add(this.#input, event, this.#nowMs);')} ${IN_STREAM.find}`,
  },
];

export const REDRIVE_BUGS: readonly PlantedBug[] = [
  { name: 'an event dropped', ...IN_REDRIVE, replace: `${third('counts.accepted++; return;')} ${IN_REDRIVE.find}` },
  {
    name: 'an event counted twice',
    ...IN_REDRIVE,
    replace: `${third('event.hasId = false; aggregator.add(shard, event, nowMs);')} ${IN_REDRIVE.find}`,
  },
];
