import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cliReference } from '../src/cli-reference.js';
import { ROOT } from '../src/pages.js';

const PAGE = join(ROOT, 'docs/reference/cli.md');

it('the page of all commands is what they say of themselves (npx nx run docs:write)', async () => {
  const page = await cliReference();
  expect(page.match(/^### /gm)?.length).toBeGreaterThan(20);
  if (process.env['PULSELAKE_WRITE'] === '1') writeFileSync(PAGE, page);
  expect(readFileSync(PAGE, 'utf8')).toBe(page);
});
