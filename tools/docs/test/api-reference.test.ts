import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { apiPackages, apiProgram, exportsOf } from '../src/api-program.js';
import { apiPageOf, apiReference } from '../src/api-reference.js';
import { blocksOf, ROOT } from '../src/pages.js';

const packages = apiPackages();
const program = apiProgram(packages);
const checker = program.getTypeChecker();

it('finds the packages and what they export', () => {
  const names = packages.flatMap(({ entryPoints }) => entryPoints.map(({ specifier }) => specifier));
  expect(names).toEqual(expect.arrayContaining(['@pulselake/lake', '@pulselake/aws-clients/kinesis']));
  const symbols = packages.flatMap(({ entryPoints }) => entryPoints.flatMap((one) => [...exportsOf(program, one)]));
  expect(symbols.length).toBeGreaterThan(400);
});

describe.each(packages.map((one) => [one.name, one] as const))('the reference of %s', (_, apiPackage) => {
  it('is what its sources say (npx nx run docs:write)', async () => {
    const file = join(ROOT, apiPageOf(apiPackage));
    const page = await apiReference(program, apiPackage, packages);
    expect(page).not.toContain(ROOT.replace(/\/$/, ''));
    if (process.env['PULSELAKE_WRITE'] === '1') {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, page);
    }
    expect(readFileSync(file, 'utf8')).toBe(page);
  });

  it('shows signatures and examples that are TypeScript', () => {
    const path = apiPageOf(apiPackage);
    const blocks = blocksOf({ path, text: readFileSync(join(ROOT, path), 'utf8') });
    expect(blocks.length).toBeGreaterThan(0);
    for (const { text, line } of blocks) {
      const { diagnostics } = ts.transpileModule(text, { reportDiagnostics: true });
      expect(
        diagnostics?.map(({ messageText }) => messageText),
        `${path}:${line}`,
      ).toEqual([]);
    }
  });

  it('says of each export what it is', () => {
    const symbols = apiPackage.entryPoints.flatMap((entryPoint) => [...exportsOf(program, entryPoint)]);
    expect(symbols.length).toBeGreaterThan(0);
    const silent = symbols
      .filter(([, symbol]) => ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim() === '')
      .map(([name]) => name);
    expect(silent).toEqual([]);
  });
});
