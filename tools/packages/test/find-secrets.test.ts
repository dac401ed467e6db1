import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { findSecrets } from '../src/find-secrets.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Put together here, so that this file holds none of them. */
const planted = [
  ['an AWS access key id', ['AK', 'IAABCDEFGHIJKLMNOP'].join('')],
  ['a private key', ['-----BEGIN RSA PRIVATE', 'KEY-----'].join(' ')],
  ['a GitHub token', `${['gh', 'p'].join('')}_${'a1'.repeat(18)}`],
  ['an npm token', ['npm', 'a1'.repeat(18)].join('_')],
] as const;

describe('findSecrets', () => {
  it.each(planted)('fails on %s', (name, line) => {
    expect(findSecrets('a.txt', `fine\n${line}\n`)).toEqual([`a.txt:2: ${name}`]);
  });

  it('lets the example of the AWS documentation pass', () => {
    expect(findSecrets('a.txt', 'AKIAIOSFODNN7EXAMPLE')).toEqual([]);
  });

  it('finds none in the files of this repository', () => {
    const files = execFileSync('git', ['ls-files', '-z', '--cached'], { cwd: ROOT, encoding: 'utf8', maxBuffer: 1e8 })
      .split('\0')
      .filter(Boolean);
    expect(files.length).toBeGreaterThan(500);
    expect(files.flatMap((file) => findSecrets(file, readIfThere(join(ROOT, file))))).toEqual([]);
  }, 60_000);
});

/** A file may be listed and just removed in the working tree. */
function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
