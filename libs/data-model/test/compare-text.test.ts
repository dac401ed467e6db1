import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareText } from '../src/index.js';

it('orders texts by their code units, not as people would', () => {
  expect(['b', 'é', 'a', 'B', '10', '9', '\uffff', '😀', ''].sort(compareText)).toEqual([
    '',
    '10',
    '9',
    'B',
    'a',
    'b',
    'é',
    '😀',
    '\uffff',
  ]);
});

it('is an order: nothing is before itself, and of two texts one is first', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (one, other) => {
      expect(compareText(one, one)).toBe(0);
      expect(compareText(one, other)).toBe(0 - compareText(other, one));
      expect(compareText(one, other) === 0).toBe(one === other);
    }),
  );
});
