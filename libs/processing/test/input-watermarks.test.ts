import { describe, expect, test } from 'vitest';
import { InputWatermarks } from '../src/windows/input-watermarks.js';

const LAG_MS = 1_001;
const IDLE_MS = 30_000;
const NEVER = () => Infinity;

describe('the watermark of several inputs', () => {
  test('is the least of those that were active of late', () => {
    const inputs = new InputWatermarks(LAG_MS, IDLE_MS);
    const [first, second] = [inputs.open(0), inputs.open(0)];
    expect(inputs.observe(first, 50_000, 10_000)).toBe(-Infinity);
    expect(inputs.observe(second, 40_000, 20_000)).toBe(40_000 - LAG_MS);
    expect(inputs.at(20_000, NEVER)).toBe(40_000 - LAG_MS);
    // The second falls silent: until the last millisecond it holds the first back.
    inputs.wake(first, 49_999);
    expect(inputs.at(49_999, NEVER)).toBe(40_000 - LAG_MS);
    expect(inputs.activeAt(49_999)).toEqual([first, second]);
    expect(inputs.at(50_000, NEVER)).toBe(50_000 - LAG_MS);
    expect(inputs.activeAt(50_000)).toEqual([first]);
    inputs.wake(second, 50_000);
    expect(inputs.activeAt(50_000)).toEqual([first, second]);
    expect(inputs.at(50_000, NEVER)).toBe(40_000 - LAG_MS);
  });

  test('does not rise with an event that is no later than another of its input', () => {
    const inputs = new InputWatermarks(LAG_MS, IDLE_MS);
    const input = inputs.open(0);
    expect(inputs.observe(input, 50_000, 0)).toBe(50_000 - LAG_MS);
    expect(inputs.observe(input, 50_000, 1)).toBe(-Infinity);
    expect(inputs.observe(input, 49_000, 29_000)).toBe(-Infinity);
    // Yet it shows that the input is alive.
    expect(inputs.activeAt(58_999)).toEqual([input]);
    expect(inputs.activeAt(59_000)).toEqual([]);
  });

  test('goes on with the clock when all are silent, to the end of the latest window', () => {
    const inputs = new InputWatermarks(LAG_MS, IDLE_MS);
    const [first, second] = [inputs.open(0), inputs.open(0)];
    inputs.observe(first, 50_000, 10_000);
    inputs.observe(second, 40_000, 20_000);
    expect(inputs.at(60_000, NEVER)).toBe(50_000 - LAG_MS + 40_000);
    expect(inputs.at(60_000, (latestMs) => latestMs + 1_000)).toBe(50_999);
  });

  test('is nowhere before the first event, however long ago its input was opened', () => {
    const inputs = new InputWatermarks(LAG_MS, IDLE_MS);
    expect(inputs.at(1e9, NEVER)).toBe(-Infinity);
    inputs.open(0);
    expect(inputs.at(0, NEVER)).toBe(-Infinity);
    expect(inputs.at(1e9, NEVER)).toBe(-Infinity);
  });

  test('is the same after it was kept as JSON', () => {
    const inputs = new InputWatermarks(LAG_MS, IDLE_MS);
    inputs.observe(inputs.open(0), 50_000, 10_000);
    inputs.open(12_000);
    const state = JSON.parse(JSON.stringify(inputs.state())) as ReturnType<typeof inputs.state>;
    expect(state).toEqual([
      { watermarkMs: 48_999, activeAtMs: 10_000 },
      { watermarkMs: null, activeAtMs: 12_000 },
    ]);
    const again = new InputWatermarks(LAG_MS, IDLE_MS, state);
    expect(again.state()).toEqual(state);
    expect(again.activeAt(41_000)).toEqual([1]);
  });
});
