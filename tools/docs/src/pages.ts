import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A page of the documentation. */
export interface Page {
  /** From the repository, `/`-separated. */
  readonly path: string;
  readonly text: string;
}

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** The first line of its content, from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** All pages below `docs/`, and the READMEs. */
export function pages(): Page[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => `docs/${name}`);
  const readmes = ['apps', 'libs', 'tools'].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).flatMap((name) => `${folder}/${name}/README.md`),
  );
  const top = readdirSync(ROOT).filter((name) => name.endsWith('.md'));
  return [...top, ...docs, ...readmes]
    .filter((path) => existsSync(join(ROOT, path)))
    .map((path) => ({
      path: relative(ROOT, join(ROOT, path)).replaceAll('\\', '/'),
      text: readFileSync(join(ROOT, path), 'utf8'),
    }));
}

/** The fenced blocks of a page. */
export function blocksOf({ path, text }: Page): Block[] {
  const blocks: Block[] = [];
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const open = /^(\s*)(```+)(\S*)/.exec(lines[at]!);
    if (!open) continue;
    const start = at + 1;
    while (++at < lines.length && lines[at]!.trim() !== open[2]);
    blocks.push({ page: path, line: start + 1, language: open[3]!, text: lines.slice(start, at).join('\n') });
  }
  return blocks;
}
