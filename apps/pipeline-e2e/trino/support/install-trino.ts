import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { workspace } from '../../test/support/run-program.js';

/** The version that the settings of this folder are for. */
const TRINO_VERSION = '476';

const CACHE = join(workspace, 'node_modules/.cache/pulselake-trino');
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy';

/**
 * The folder of an unpacked Trino with nothing but its hive connector. The first time it comes from Maven Central (820 MB)
 * and is unpacked (400 MB stay).
 */
export async function installTrino(): Promise<string> {
  const home = join(CACHE, `trino-server-${TRINO_VERSION}`);
  if (existsSync(home)) return home;
  const work = join(CACHE, `unpacking-${process.pid}`);
  await mkdir(work, { recursive: true });
  try {
    const artifact = `-Dartifact=io.trino:trino-server:${TRINO_VERSION}:tar.gz`;
    const maven = ['tools/maven.mjs', COPY, artifact, `-DoutputDirectory=${work}`];
    execFileSync(process.execPath, maven, { cwd: workspace, stdio: 'inherit' });
    execFileSync('tar', ['-xzf', `trino-server-${TRINO_VERSION}.tar.gz`], { cwd: work, stdio: 'inherit' });
    const unpacked = join(work, `trino-server-${TRINO_VERSION}`);
    for (const plugin of await readdir(join(unpacked, 'plugin'))) {
      if (plugin !== 'hive') await rm(join(unpacked, 'plugin', plugin), { recursive: true });
    }
    // Last, so that what is there is whole.
    await rename(unpacked, home);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return home;
}
