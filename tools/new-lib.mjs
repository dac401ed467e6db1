// Makes a library that passes everything, to be filled.
//
//   npm run new:lib -- NAME       makes libs/NAME, package @pulselake/NAME
//
// It is private: to publish it, see docs/guides/add-a-library.md.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * The files of a new library, by their paths below its folder. Pure.
 *
 * @param {string} name without the scope, for example `retention`
 * @param {string} version of all packages
 * @returns {Record<string, string>}
 */
export function filesOfLibrary(name, version) {
  const words = name.split('-');
  const call = words.map((word, at) => (at === 0 ? word : word[0].toUpperCase() + word.slice(1))).join('');
  const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    'package.json': json({
      name: `@pulselake/${name}`,
      private: true,
      version,
      description: 'Says what it is for.',
      license: 'Apache-2.0',
      type: 'module',
      engines: { node: '>=20.19' },
      sideEffects: false,
      exports: {
        './package.json': './package.json',
        '.': { '@pulselake/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      },
      files: ['dist'],
      scripts: { build: 'tsup' },
      nx: { tags: ['type:lib', 'scope:lib', 'lang:ts'] },
    }),
    'README.md': `# @pulselake/${name}

Says what it is for.

\`\`\`ts
import { ${call} } from '@pulselake/${name}';

console.log(${call}()); // ${name}
\`\`\`
`,
    'src/index.ts': `export { ${call} } from './${name}.js';\n`,
    [`src/${name}.ts`]: `/** The name of this library: replace it by what the library is for. */
export function ${call}(): string {
  return '${name}';
}
`,
    [`test/${name}.test.ts`]: `import { expect, it } from 'vitest';
import { ${call} } from '../src/index.js';

it('says its name', () => {
  expect(${call}()).toBe('${name}');
});
`,
    'tsup.config.ts': `import { libraryBuild } from '../../tsup.base.js';\n\nexport default libraryBuild();\n`,
    'vitest.config.ts': `export { default } from '../../vitest.base.js';\n`,
    'tsconfig.json': json({
      extends: '../../tsconfig.base.json',
      files: [],
      include: [],
      references: [{ path: './tsconfig.lib.json' }, { path: './tsconfig.spec.json' }],
    }),
    'tsconfig.lib.json': json({
      extends: '../../tsconfig.base.json',
      compilerOptions: {
        rootDir: 'src',
        outDir: 'out-tsc/lib',
        tsBuildInfoFile: 'out-tsc/lib/tsconfig.lib.tsbuildinfo',
      },
      include: ['src/**/*.ts'],
    }),
    'tsconfig.spec.json': json({
      extends: '../../tsconfig.base.json',
      compilerOptions: {
        rootDir: '../..',
        outDir: 'out-tsc/spec',
        tsBuildInfoFile: 'out-tsc/spec/tsconfig.spec.tsbuildinfo',
      },
      include: ['test/**/*.ts', 'vitest.config.ts', 'tsup.config.ts', '../../vitest.base.ts', '../../tsup.base.ts'],
      references: [{ path: './tsconfig.lib.json' }],
    }),
  };
}

/** @returns {string | undefined} what is wrong with a name */
export function faultOfName(name) {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name ?? ''))
    return 'A name has lower-case letters, digits and hyphens: npm run new:lib -- retention';
  if (existsSync(join(ROOT, 'libs', name))) return `libs/${name} is there already.`;
  return undefined;
}

function make(name) {
  const fault = faultOfName(name);
  if (fault !== undefined) {
    process.stderr.write(`${fault}\n`);
    process.exit(1);
  }
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const folder = join('libs', name);
  for (const [path, text] of Object.entries(filesOfLibrary(name, version))) {
    mkdirSync(dirname(join(ROOT, folder, path)), { recursive: true });
    writeFileSync(join(ROOT, folder, path), text, { flag: 'wx' });
  }
  // Its page on the site.
  writeFileSync(join(ROOT, 'docs/packages', `${name}.md`), `<!--@include: ../../libs/${name}/README.md-->\n`, {
    flag: 'wx',
  });
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
  run('npx', ['nx', 'sync']);
  run('npx', ['prettier', '--write', '--log-level', 'warn', folder, 'tsconfig.json']);
  process.stdout.write(
    `${folder} is there. Next: npx nx run-many -t lint typecheck test build -p @pulselake/${name}\n`,
  );
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) {
    process.stderr.write(`${command} ${args.join(' ')} failed.\n`);
    process.exit(status ?? 1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) make(process.argv[2]);
