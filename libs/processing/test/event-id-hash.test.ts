import { expect, test } from 'vitest';
import { hashEventId } from '../src/events/event-id-hash.js';
import { between } from './support/between.js';

// A stream's journal keeps hashes: a version that made others would take every repeat for a new event.
test.each([
  ['', '69362c835a8b7a287ed54af957acd157'],
  ['a', '0abacb7884cc6d19411e0bf934bfd67c'],
  ['abcd', '55058c188e4b370829b22cf3e68bbf54'],
  ['0123456789abc', '0cd78ddb72885323ac364341ac9b5d12'],
  ['0123456789abcdef', '9d5e58a9a59f990532ac8caf96805420'],
  ['0123456789abcdefg', '434734da5929cec916e9ed2ccb6129c8'],
  ['00000000-0000-4000-8000-00000000002a', '8301b118f8fb738fe323f25dd07a6c84'],
  ['größe 🛒 käse', '483eff57d53721fd49ee138d64694680'],
])('the hash of %j stays what it was', (id, expected) => {
  const { bytes, start, end } = between(id, 'neighbour');
  const hash = { h0: 0, h1: 0, h2: 0, h3: 0 };
  hashEventId(hash, bytes, start, end);
  const words = [hash.h0, hash.h1, hash.h2, hash.h3].map((word) => (word >>> 0).toString(16).padStart(8, '0'));
  expect(words.join('')).toBe(expected);
});
