import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { ExpectedManifest } from '../src/index.js';

it('runs the example of the README with the results it states', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```js\n([^]*?)```/.exec(readme)![1]!;
  const directory = await mkdtemp(join(tmpdir(), 'pulselake-readme-'));
  try {
    const statements = [...example.matchAll(/^(manifest\..*); \/\/ ([^,\n]*)/gm)];
    expect(statements).toHaveLength(3);
    const file = join(directory, 'example.mjs');
    const code = example
      .replace("'@pulselake/generators'", `'${fileURLToPath(new URL('../src/index.ts', import.meta.url))}'`)
      .replace("'demo-data'", `'${join(directory, 'demo-data')}'`);
    await writeFile(
      file,
      `${code}\nexport const results = [${statements.map(([, text]) => text!).join(', ')}];\nexport { manifest };\n`,
    );
    const module = (await import(/* @vite-ignore */ file)) as { results: unknown[]; manifest: ExpectedManifest };
    expect(module.results.map((result) => (typeof result === 'string' ? `'${result}'` : String(result)))).toEqual(
      statements.map(([, , stated]) => stated!),
    );
    expect(module.manifest.preset).toBe('demo');
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
