import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ContractSummary, contractSummary, findIncompatibilities, renderContract } from '../../src/index.js';

const FOLDER = join(import.meta.dirname, '../../contract');
const RELEASED = 'released/contract.json';
const REGENERATE = 'run `npm run contract:write -w @pulselake/data-model` and commit what it changes';

/** What differs between the rendered contract and the files of a folder. */
function staleFiles(rendered: ReadonlyMap<string, string>, files: ReadonlyMap<string, string>): string[] {
  return [...new Set([...rendered.keys(), ...files.keys()])]
    .filter((path) => rendered.get(path) !== files.get(path))
    .map((path) => `contract/${path} is stale: ${REGENERATE}`);
}

function filesIn(folder: string): Map<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    paths.map((path) => [path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')]),
  );
}

describe('the committed contract', () => {
  test('is what the definitions give', () => {
    const files = filesIn(FOLDER);
    files.delete(RELEASED);
    expect(staleFiles(renderContract(), files)).toEqual([]);
  });

  test('fails to pass when a file was changed, is missing or is left over', () => {
    const rendered = new Map([
      ['a.json', '1'],
      ['b.json', '2'],
    ]);
    const files = new Map([
      ['a.json', '0'],
      ['c.json', '3'],
    ]);
    expect(staleFiles(rendered, files)).toEqual([
      `contract/a.json is stale: ${REGENERATE}`,
      `contract/b.json is stale: ${REGENERATE}`,
      `contract/c.json is stale: ${REGENERATE}`,
    ]);
  });

  test('breaks nobody who relies on the last released one', () => {
    const released = JSON.parse(readFileSync(join(FOLDER, RELEASED), 'utf8')) as ContractSummary;
    expect(findIncompatibilities(released, contractSummary())).toEqual([]);
  });

  test('names no machine and no moment, so that two runs give the same bytes', () => {
    expect([...renderContract()]).toEqual([...renderContract()]);
    expect([...renderContract().values()].every((text) => text.endsWith('\n'))).toBe(true);
  });
});
