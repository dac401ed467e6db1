import { describe, expect, it } from 'vitest';
import { alternate } from '../src/measure.js';
import { atLeast, atMost, withinMemory } from '../src/verdict.js';

const node = (script: string): [string, ...string[]] => [process.execPath, '-e', script];

describe('alternate', () => {
  it('runs the contestants in turn after one warm-up each, and sets up before each round', async () => {
    const order: string[] = [];
    const contestant = (name: string) => ({
      name,
      command: node('console.log("out"); console.error("maxRSS 2048")'),
      setup: () => {
        order.push(name);
        return Promise.resolve();
      },
    });
    const figures = await alternate([contestant('a'), contestant('b')], 3);
    expect(order.join('')).toBe('abababab');
    expect(figures.map(({ name, rssMB, stdout }) => [name, rssMB, stdout])).toEqual([
      ['a', 2.097152, 'out\n'],
      ['b', 2.097152, 'out\n'],
    ]);
    expect(figures[0]!.secondsMin).toBeLessThanOrEqual(figures[0]!.seconds);
  });

  it('fails when a contestant fails, with what it said', async () => {
    await expect(
      alternate([{ name: 'broken', command: node('console.error("why"); process.exit(3)') }], 1),
    ).rejects.toThrow(/broken ended with 3: why/);
  });
});

describe('a target', () => {
  it('is met at the target, and half met at half of it', () => {
    expect(atLeast(2, 2)).toMatchObject({ met: true, halfMet: true });
    expect(atLeast(1.2, 2)).toMatchObject({ met: false, halfMet: true });
    expect(atLeast(0.9, 2)).toMatchObject({ met: false, halfMet: false });
    expect(atMost(1.5, 1.5)).toMatchObject({ met: true });
    expect(atMost(3.1, 1.5)).toMatchObject({ met: false, halfMet: false });
  });

  it('with a bound on memory is met within both', () => {
    expect(withinMemory(atLeast(2, 2), 150, 150)).toMatchObject({ met: true, halfMet: true, rssMB: 150 });
    expect(withinMemory(atLeast(2, 2), 151, 150)).toMatchObject({ met: false, halfMet: true });
    expect(withinMemory(atLeast(1.9, 2), 100, 150)).toMatchObject({ met: false, halfMet: true });
    expect(withinMemory(atLeast(2, 2), 301, 150)).toMatchObject({ met: false, halfMet: false });
  });
});
