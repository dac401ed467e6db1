import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { costPage } from '../src/index.js';

const path = fileURLToPath(new URL('../../../docs/reference/cost.md', import.meta.url));

test('docs/reference/cost.md is what the code says; npm run page:write -w @pulselake/cost-model writes it anew', async () => {
  const page = await format(costPage(), { ...(await resolveConfig(path)), filepath: path });
  expect(await readFile(path, 'utf8')).toBe(page);
});
