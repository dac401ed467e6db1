import { contractSummary } from '@pulselake/data-model';
import { describe, expect, it } from 'vitest';

import { findReleaseFaults } from '../src/find-release-faults.js';

const released = contractSummary();
const withoutATable = () => {
  const tables = Object.fromEntries(Object.entries(released.tables).slice(1));
  return { ...released, tables };
};

describe('findReleaseFaults', () => {
  it('lets a release with the same contract be made', () => {
    expect(findReleaseFaults({ released, current: released, from: '1.2.3', to: '1.2.4' })).toEqual([]);
  });

  it.each([
    ['1.2.3', '1.2.4'],
    ['1.2.3', '1.3.0'],
    ['0.1.0', '0.1.1'],
  ])('fails when a table was removed between %s and %s', (from, to) => {
    const faults = findReleaseFaults({ released, current: withoutATable(), from, to });
    expect(faults).toEqual([expect.stringContaining(`incompatible with ${from}, and ${to} does not say so`)]);
    expect(faults[0]).toContain(Object.keys(released.tables)[0]);
  });

  it.each([
    ['1.2.3', '2.0.0'],
    ['0.1.0', '0.2.0'],
    ['0.9.0', '1.0.0'],
  ])('lets %s become %s with a removed table', (from, to) => {
    expect(findReleaseFaults({ released, current: withoutATable(), from, to })).toEqual([]);
  });

  it('fails on a version that is none', () => {
    expect(() => findReleaseFaults({ released, current: released, from: '1.2.3', to: 'next' })).toThrow(
      'The version is "next"; it must be like 1.2.3',
    );
  });
});
