import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pages, ROOT } from '../src/pages.js';

const PAGES = pages().map((page) => [page.path, withoutBlocks(page.text)] as const);

/** The text without fenced blocks, line for line. */
function withoutBlocks(text: string): string {
  return text.replace(/^\s*```[^]*?^\s*```/gm, (block) => block.replace(/[^\n]/g, ''));
}

/** A heading's name in an address, as GitHub and the site make it. */
function anchorOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

describe('the pages', () => {
  it.each(PAGES)('link to what is there: %s', (path, text) => {
    const dead: string[] = [];
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue;
      const [file = '', anchor] = target!.split('#');
      const linked = file === '' ? join(ROOT, path) : join(ROOT, dirname(path), file);
      if (!existsSync(linked)) dead.push(target!);
      else if (anchor !== undefined) {
        const anchors = [...readFileSync(linked, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
          anchorOf(heading!),
        );
        if (!anchors.includes(anchor)) dead.push(target!);
      }
    }
    expect(dead).toEqual([]);
  });

  it.each(PAGES)('name files that are there: %s', (path, text) => {
    const named = [...text.matchAll(/`((?:apps|libs|tools|docs|\.github)\/[^`\s*<>…{}]+)`/g)].map(([, name]) => name!);
    // What builds make is not there before.
    const kept = named.filter((name) => !/\/(?:dist|target)\//.test(name));
    expect(kept.filter((name) => !existsSync(join(ROOT, name.replace(/:\d+$/, ''))))).toEqual([]);
  });
});

describe('the site', () => {
  it('has a page for the README of every app and library', () => {
    const readmes = PAGES.flatMap(([path]) => /^(?:apps|libs)\/([\w-]+)\/README\.md$/.exec(path)?.[1] ?? []);
    expect(readmes.length).toBeGreaterThan(10);
    expect(readmes.filter((name) => !existsSync(join(ROOT, 'docs/packages', `${name}.md`)))).toEqual([]);
  });
});
