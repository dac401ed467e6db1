import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { build } from 'esbuild';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entries, firstExample, HEAVY, pack, PUBLISHED, ROOT, statedMegabytes } from './packages.js';
import { mustRun, Project, run } from './project.js';

/** The oldest that is supported, and those after it; each is the last of its line in npm's own packages of Node. */
const NODES = ['20.20.2', '22.23.3', '24.21.0'];

let folder: string;
let tarballs: ReadonlyMap<string, string>;
/** A project with all of them. */
let stranger: Project;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pulselake-packages-'));
  tarballs = await pack(folder);
  stranger = await Project.create();
  await stranger.install(...tarballs.values());
});

afterAll(async () => {
  await stranger.remove();
  await rm(folder, { recursive: true, force: true });
});

describe.each(PUBLISHED)('$name', (published) => {
  const { name, needs, heavy } = published;

  it('is packed as publishing wants it', async () => {
    const tarball = readFileSync(tarballs.get(name)!);
    const { messages, pkg } = await publint({ pack: { tarball: toArrayBuffer(tarball) }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  it('has types that are found and right, for ES modules', async () => {
    const checked = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarballs.get(name)!))));
    expect(checked.types).toBeTruthy();
    const problems = 'problems' in checked ? checked.problems : [];
    // These are ES modules: who asks with `require`, or as Node 10 did, is not answered.
    const others = problems.filter(
      (problem) =>
        problem.kind !== 'CJSResolvesToESM' &&
        !('resolutionKind' in problem && ['node10', 'node16-cjs'].includes(problem.resolutionKind)),
    );
    expect(others).toEqual([]);
  });

  it('brings what it needs and no more', async () => {
    const alone = await Project.create();
    try {
      await alone.install(...[...needs, name].map((each) => tarballs.get(each)!));
      const megabytes = (await alone.bytes()) / 1e6;
      const installed = await alone.installed();
      console.log(`${name}: ${megabytes.toFixed(1)} MB, ${installed.length - 1} packages`);
      expect(installed.filter((each) => HEAVY.test(each) && !heavy.test(each))).toEqual([]);
      expect(Math.abs(megabytes / statedMegabytes(name) - 1)).toBeLessThan(0.1);
    } finally {
      await alone.remove();
    }
  });
});

describe('all of them in a project of somebody else', () => {
  it.each(['nodenext', 'bundler'])('are known to TypeScript with moduleResolution %s', async (resolution) => {
    const all = PUBLISHED.flatMap(entries);
    const uses = all.map((entry, at) => `import * as m${at} from '${entry}';`);
    await stranger.write(
      'consumer.ts',
      `${uses.join('\n')}\nexport default [${all.map((_, at) => `m${at}`).join()}];\n`,
    );
    await stranger.write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          target: 'es2022',
          module: resolution === 'bundler' ? 'esnext' : 'nodenext',
          moduleResolution: resolution,
          lib: ['es2023', 'dom'],
          types: [],
          // Ours are checked with everything they name; those of others are theirs.
          skipLibCheck: true,
        },
        files: ['consumer.ts'],
      }),
    );
    await mustRun(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.'], stranger.folder);
  });

  it('let the data model be bundled for a browser', async () => {
    await stranger.write(
      'browser.js',
      "import { WINDOWED_METRICS } from '@pulselake/data-model';\nconsole.log(WINDOWED_METRICS);\n",
    );
    const { outputFiles, warnings } = await build({
      absWorkingDir: stranger.folder,
      entryPoints: ['browser.js'],
      bundle: true,
      minify: true,
      platform: 'browser',
      format: 'esm',
      write: false,
    });
    expect(warnings).toEqual([]);
    expect(outputFiles[0]!.contents.length).toBeLessThan(500_000);
  });
});

describe.each(NODES)('on Node %s', (version) => {
  let node: string;
  let home: Project;

  beforeAll(async () => {
    home = await Project.create();
    const name = `node-${process.platform}-${process.arch}`;
    await home.install(`${name}@${version}`);
    node = join(home.folder, 'node_modules', name, 'bin/node');
    expect(await mustRun(node, ['--version'], home.folder)).toBe(`v${version}\n`);
  });
  afterAll(() => home.remove());

  it('the lake starts in an empty folder, and is proved', async () => {
    const command = join(stranger.folder, 'node_modules/pulselake/bin/pulselake.js');
    const lake = join(home.folder, 'lake');
    await mustRun(node, [command, 'start', '--once', '--lake', lake], home.folder);
    const verified = JSON.parse(await mustRun(node, [command, 'verify', '--json', '--lake', lake], home.folder)) as {
      problems: unknown[];
      runs: number;
    };
    expect(verified.problems).toEqual([]);
    const counted = await mustRun(
      node,
      [command, 'sql', 'SELECT count(*) AS n FROM windowed_metrics', '--format', 'json', '--lake', lake],
      home.folder,
    );
    expect((JSON.parse(counted) as { n: number }[])[0]!.n).toBeGreaterThan(1000);
  });

  it.each(PUBLISHED.filter(({ name }) => name !== 'pulselake'))('the example of $name runs', async (published) => {
    let example = firstExample(published);
    const command = join(stranger.folder, 'node_modules/pulselake/bin/pulselake.js');
    const stop = new AbortController();
    let served: Promise<unknown> | undefined;
    if (example.includes(':4690')) {
      const port = await freePort();
      example = example.replace(':4690', `:${port}`);
      const lake = join(home.folder, 'lake');
      served = run(
        node,
        [command, 'serve', '--athena-port', `${port}`, '--port', '0', '--lake', lake],
        home.folder,
        stop.signal,
      );
      served.catch(() => undefined);
      await answers(port);
    }
    try {
      const at = join(stranger.folder, `${version}-${published.name.split('/').at(-1)}`);
      await mkdir(at);
      await writeFile(join(at, 'example.mjs'), example);
      const printed = await mustRun(node, ['example.mjs'], at);
      // What an example says that it prints.
      for (const [, said] of example.matchAll(/console\.log\([^\n]*\); \/\/ (.*)/g)) {
        expect(withoutSpaces(printed)).toContain(withoutSpaces(said!));
      }
    } finally {
      stop.abort();
      await served?.catch(() => undefined);
    }
  });
});

/** Node breaks the lines of what it prints where it likes. */
function withoutSpaces(text: string): string {
  return text.replaceAll(/\s+/g, '');
}

function toArrayBuffer({ buffer, byteOffset, byteLength }: Buffer): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      await fetch(`http://127.0.0.1:${port}/`);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error(`Nothing answers on port ${port}.`);
}
