import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The oldest that Trino 476 runs on. */
const OLDEST_JAVA = 24;

/** Where systems keep their JDKs. */
const ROOTS = [
  ['/usr/lib/jvm', ''],
  ['/Library/Java/JavaVirtualMachines', 'Contents/Home'],
  ['C:\\Program Files\\Eclipse Adoptium', ''],
] as const;

/**
 * The home of a Java that Trino runs on: what PULSELAKE_TRINO_JAVA_HOME names, JAVA_HOME, or one where systems keep them.
 *
 * @throws Error that says what was found and what is needed
 */
export function findJava(env: Readonly<Record<string, string | undefined>>): string {
  const named = env['PULSELAKE_TRINO_JAVA_HOME'];
  const homes = named !== undefined ? [named] : [env['JAVA_HOME'] ?? '', ...installed()];
  const found = homes.flatMap((home) => {
    const version = versionOf(home);
    return version === undefined ? [] : [{ home, version }];
  });
  const fitting = found.find(({ version }) => version >= OLDEST_JAVA);
  if (fitting) return fitting.home;
  const none = named === undefined ? 'no JDK was found' : `PULSELAKE_TRINO_JAVA_HOME names ${named}, which is none`;
  const seen = found.map(({ home, version }) => `${home} is Java ${version}`).join(', ') || none;
  throw new Error(
    `Trino needs a JDK of version ${OLDEST_JAVA} or later; ${seen}. Install one, or name its folder in PULSELAKE_TRINO_JAVA_HOME.`,
  );
}

function installed(): string[] {
  return ROOTS.flatMap(([root, home]) =>
    existsSync(root) ? readdirSync(root).map((name) => join(root, name, home)) : [],
  );
}

function versionOf(home: string): number | undefined {
  const file = join(home, 'release');
  if (home === '' || !existsSync(file)) return undefined;
  const text = /^JAVA_VERSION="(\d+)/m.exec(readFileSync(file, 'utf8'))?.[1];
  return text === undefined ? undefined : Number(text);
}
