import { createRandom } from '@pulselake/generators';
import { describe, expect, it } from 'vitest';
import { type Phase, PHASES } from '../src/kills/phase.js';
import { Steering } from '../src/kills/steering.js';

/** The phase of each call. */
const ONE_COMMIT: readonly Phase[] = [
  ...Array<Phase>(30).fill('read'),
  ...Array<Phase>(20).fill('staged'),
  'recorded',
  'half in place',
  'half in place',
  ...Array<Phase>(7).fill('after'),
];

describe('kills are steered', () => {
  it.each([
    ['one commit', ONE_COMMIT, 20],
    ['two commits', [...ONE_COMMIT, ...ONE_COMMIT], 40],
  ])('so that few of them meet every phase of %s', (_, phases, kills) => {
    for (let seed = 1; seed <= 50; seed++) {
      const steering = new Steering([phases.length], createRandom(seed));
      const met = new Set<Phase>();
      for (let kill = 0; kill < kills; kill++) {
        const moment = steering.next(PHASES.filter((phase) => !met.has(phase)));
        const phase = phases[moment.call - 1]!;
        met.add(phase);
        steering.learn(moment, phase);
      }
      expect(met.size, `seed ${seed}`).toBe(PHASES.length);
    }
  });

  it('to moments that were not tried, when no phase is wanted', () => {
    const steering = new Steering([3, 2], createRandom(1));
    const tried = new Set<string>();
    for (let kill = 0; kill < 5; kill++) {
      const moment = steering.next([]);
      tried.add(JSON.stringify(moment));
      steering.learn(moment, 'read');
    }
    expect(tried.size).toBe(5);
  });
});
