import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { findLicenceFaults, type LockedPackage } from '../src/find-licence-faults.js';

const lock = JSON.parse(readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, LockedPackage>;
};

describe('findLicenceFaults', () => {
  it('finds none among the production dependencies of this repository', () => {
    expect(Object.keys(lock.packages).length).toBeGreaterThan(500);
    expect(findLicenceFaults(lock.packages)).toEqual([]);
  });

  it('takes one allowed licence of a choice', () => {
    expect(findLicenceFaults({ 'node_modules/a': { license: '(MIT OR GPL-3.0-or-later)' } })).toEqual([]);
  });

  it.each([
    ['a copyleft licence', 'GPL-3.0-only'],
    ['two licences at once of which one is not allowed', '(MIT AND GPL-3.0-only)'],
    ['no licence', undefined],
  ])('fails on %s', (_case, license) => {
    const faults = findLicenceFaults({ 'node_modules/a': license === undefined ? {} : { license } });
    expect(faults).toEqual([expect.stringContaining(`node_modules/a: its licence is ${license ?? 'not stated'}`)]);
  });

  it('leaves out what is needed for development only', () => {
    expect(findLicenceFaults({ 'node_modules/a': { license: 'GPL-3.0-only', dev: true } })).toEqual([]);
  });
});
