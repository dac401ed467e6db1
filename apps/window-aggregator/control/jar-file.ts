import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { JobFailure } from '@pulselake/job-control';

/** A jar, and what tells it from others. */
export interface JarFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** In hex. */
  readonly sha256: string;
  readonly body: Uint8Array;
}

/** Where the build puts the jar, below the project's folder. */
export const JAR_PATH = join('target', 'window-aggregator.jar');

/** @throws JobFailure when there is none */
export async function readJar(path: string): Promise<JarFile> {
  let body: Uint8Array;
  try {
    body = await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new JobFailure(`${path} cannot be read (${code ?? String(cause)}). Make it: pulselake-flink package`, {
      cause,
    });
  }
  // The magic bytes of a ZIP file: an empty or half-written file would fail in AWS only, minutes later.
  if (body[0] !== 0x50 || body[1] !== 0x4b) {
    throw new JobFailure(`${path} is no jar (${body.byteLength} bytes). Make it anew: pulselake-flink package`);
  }
  return { path, sizeBytes: body.byteLength, sha256: createHash('sha256').update(body).digest('hex'), body };
}

/**
 * Why the project's jar has to be built: undefined when it is there and no source is newer.
 *
 * @param home the project's folder, with `pom.xml` and `src/main`
 */
export async function staleness(home: string): Promise<string | undefined> {
  const jar = await stat(join(home, JAR_PATH)).catch(() => undefined);
  if (!jar) return 'there is no jar';
  const main = join(home, 'src', 'main');
  const names = await readdir(main, { recursive: true }).catch(() => []);
  for (const path of [join(home, 'pom.xml'), ...names.sort().map((name) => join(main, name))]) {
    const source = await stat(path).catch(() => undefined);
    if (source?.isFile() && source.mtimeMs > jar.mtimeMs) return `${relative(home, path)} is newer than the jar`;
  }
  return undefined;
}
