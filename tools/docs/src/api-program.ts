import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from './pages.js';

/** What a package lets others import: a subpath of its package.json. */
export interface EntryPoint {
  /** As it is imported, for example `@pulselake/aws-clients/kinesis`. */
  readonly specifier: string;
  /** Its source, absolute. */
  readonly file: string;
}

/** A published package. */
export interface ApiPackage {
  /** Its folder below `libs/`. */
  readonly folder: string;
  readonly name: string;
  readonly description: string;
  readonly entryPoints: readonly EntryPoint[];
}

interface Manifest {
  readonly name: string;
  readonly description: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, string | { readonly '@pulselake/source'?: string }>>;
}

/** All published libraries, with the sources that their subpaths lead to. */
export function apiPackages(): ApiPackage[] {
  return readdirSync(join(ROOT, 'libs'))
    .filter((folder) => existsSync(join(ROOT, 'libs', folder, 'package.json')))
    .sort()
    .flatMap((folder) => {
      const manifest = JSON.parse(readFileSync(join(ROOT, 'libs', folder, 'package.json'), 'utf8')) as Manifest;
      const { name, description, exports } = manifest;
      if (manifest.private === true) return [];
      const entryPoints = Object.entries(exports).flatMap(([subpath, target]) => {
        const source = typeof target === 'string' ? undefined : target['@pulselake/source'];
        if (source === undefined) return [];
        return [{ specifier: name + subpath.slice(1), file: join(ROOT, 'libs', folder, source) }];
      });
      return [{ folder, name, description, entryPoints }];
    });
}

/** One program over the sources of all packages, as the compiler of the workspace sees them. */
export function apiProgram(packages: readonly ApiPackage[]): ts.Program {
  const base = JSON.parse(readFileSync(join(ROOT, 'tsconfig.base.json'), 'utf8')) as { compilerOptions: object };
  const { options } = ts.convertCompilerOptionsFromJson(base.compilerOptions, ROOT);
  return ts.createProgram({
    rootNames: packages.flatMap(({ entryPoints }) => entryPoints.map(({ file }) => file)),
    options: { ...options, composite: false, noEmit: true },
  });
}

/** The symbols that an entry point exports, by name; each is the declared one, not the name it is passed on by. */
export function exportsOf(program: ts.Program, { file }: EntryPoint): Map<string, ts.Symbol> {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${file} is no module of the program; this is a bug in the reference's generator.`);
  return new Map(
    checker
      .getExportsOfModule(module)
      .map((symbol): [string, ts.Symbol] => [
        symbol.name,
        symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol,
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
