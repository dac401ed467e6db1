import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configKeys } from '../src/config-keys.js';
import { CONFIG_FILES, configReference } from '../src/config-reference.js';
import { ROOT } from '../src/pages.js';

const PAGE = join(ROOT, 'docs/reference/configuration.md');

describe('the page of what people configure', () => {
  it('is what the schemas say (npx nx run docs:write)', async () => {
    const page = await configReference();
    expect(page.match(/^\| `/gm)?.length).toBeGreaterThan(80);
    if (process.env['PULSELAKE_WRITE'] === '1') writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, 'utf8')).toBe(page);
  });

  it.each(CONFIG_FILES.map((file) => [file.title, file] as const))(
    'says what each key of %s means',
    (_, { schema }) => {
      const silent = configKeys(schema).filter(({ type, meaning }) => type !== 'object' && meaning === '');
      expect(silent.map(({ path }) => path)).toEqual([]);
    },
  );
});

describe('the keys of a schema', () => {
  it.each([
    ['a range and a unit', z.int().min(1).max(3650), 'waitDays', 'whole number, 1 to 3,650 (days)'],
    ['a whole number without range', z.int(), 'seed', 'whole number'],
    ['a least value that does not count', z.number().gt(0).max(100), 'latePercent', 'number above 0, up to 100 (%)'],
    ['a list of values', z.literal([0.0625, 1]), 'maxDpu', 'one of `0.0625`, `1` (DPU)'],
    ['a pattern', z.string().regex(/^a|b$/), 'name', 'text like `^a|b$`'],
    ['a day', z.iso.date(), 'from', 'UTC day, `YYYY-MM-DD`'],
    ['a list of objects', z.array(z.strictObject({})), 'all', 'list of objects'],
  ])('tell %s', (_, schema, name, type) => {
    expect(configKeys(z.strictObject({ [name]: schema }))).toEqual([
      { path: name, type, preset: undefined, isNeeded: true, meaning: '' },
    ]);
  });

  it('go down into objects, lists, names of their own and kinds', () => {
    const leaf = z.boolean().default(true).describe('Whether');
    const schema = z.strictObject({
      inner: z.strictObject({ leaf }).prefault({}),
      list: z.array(z.strictObject({ leaf })).optional(),
      names: z.record(z.string(), z.strictObject({ leaf })),
      kinds: z.discriminatedUnion('kind', [z.strictObject({ kind: z.literal('a'), leaf })]),
    });
    expect(configKeys(schema).map(({ path, isNeeded }) => [path, isNeeded])).toEqual([
      ['inner', false],
      ['inner.leaf', false],
      ['list', false],
      ['list[].leaf', false],
      ['names', true],
      ['names.<name>.leaf', false],
      ['kinds', true],
      ['kinds.kind', true],
      ['kinds.leaf', false],
    ]);
    expect(configKeys(schema)[1]).toEqual({
      path: 'inner.leaf',
      type: 'true or false',
      preset: true,
      isNeeded: false,
      meaning: 'Whether',
    });
    expect(configKeys(schema).at(-1)!.meaning).toBe('Of `a`: Whether');
  });
});
