import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGunzip, createGzip } from 'node:zlib';

/** Files of the training's own generator, and in `expected/` what an independent program computed from them. */
const SAMPLES = fileURLToPath(new URL('../../samples/', import.meta.url));

/** Copies the samples to a folder, all plain or all gzipped. */
export async function copySamples(directory: string, form: 'plain' | 'gzip'): Promise<void> {
  for (const kind of ['metrics-csv', 'metric-events', 'access-logs']) {
    await mkdir(join(directory, kind), { recursive: true });
    for (const name of await readdir(join(SAMPLES, kind))) {
      const from = join(SAMPLES, kind, name);
      const source = name.endsWith('.gz') ? createReadStream(from).pipe(createGunzip()) : createReadStream(from);
      const target = join(directory, kind, name.replace(/\.gz$/, ''));
      if (form === 'plain') await pipeline(source, createWriteStream(target));
      else await pipeline(source, createGzip(), createWriteStream(`${target}.gz`));
    }
  }
}

/** The rows of an expected result; its fields hold no quotes. */
export async function expectedSample(name: string): Promise<Record<string, string>[]> {
  const [header, ...lines] = (await readFile(join(SAMPLES, 'expected', `${name}.csv`), 'utf8')).trimEnd().split('\n');
  const names = header!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, index) => [names[index]!, value])));
}
