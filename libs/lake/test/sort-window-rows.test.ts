import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortWindowRows } from '../src/sort-window-rows.js';

const DAYS = 3;
const RANKS = 4;

const anyRow = fc.record({
  rank: fc.nat(RANKS - 1),
  day: fc.nat(DAYS - 1),
  fromMs: fc.nat(5),
  durationMs: fc.nat(2),
  revision: fc.nat(2),
});

it('orders any rows by day, series, start, end and revision, and leaves equal ones as they came', () => {
  fc.assert(
    fc.property(fc.array(anyRow, { minLength: 1, maxLength: 60 }), (rows) => {
      const whole = (name: 'rank' | 'day') => Int32Array.from(rows, (row) => row[name]);
      const double = (name: 'fromMs' | 'durationMs' | 'revision') => Float64Array.from(rows, (row) => row[name]);
      const order = sortWindowRows(
        {
          day: whole('day'),
          fromMs: double('fromMs'),
          durationMs: double('durationMs'),
          revision: double('revision'),
        },
        { rows: rows.length, rank: whole('rank'), ranks: RANKS, days: DAYS },
      );
      const expected = [...rows.keys()].sort((a, b) => {
        const [left, right] = [rows[a]!, rows[b]!];
        return (
          left.day - right.day ||
          left.rank - right.rank ||
          left.fromMs - right.fromMs ||
          left.durationMs - right.durationMs ||
          left.revision - right.revision
        );
      });
      expect([...order]).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
