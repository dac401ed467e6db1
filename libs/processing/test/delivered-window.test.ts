import { MAX_RECORD_BYTES } from '@pulselake/data-model';
import { describe, expect, test } from 'vitest';
import { isDelivered, readDeliveredWindow, SeriesTable } from '../src/index.js';

const WINDOW = {
  ...{ componentName: 'cart', metricName: 'wait', unit: 'ms' },
  ...{ minValue: 1, maxValue: 9, sumValue: 12.5, sampleCount: 3 },
  ...{ fromTimestamp: '2024-05-01T12:00:00Z', toTimestamp: '2024-05-01T12:05:00Z' },
  ...{ source: 'stream', partId: 'a', inputId: 'b', revision: 2, emittedAt: '2024-05-01T12:06:00Z' },
};
const READ = {
  ...{ series: 0, line: 0, minValue: 1, maxValue: 9, sumValue: 12.5, sampleCount: 3 },
  ...{ fromMs: Date.parse(WINDOW.fromTimestamp), toMs: Date.parse(WINDOW.toTimestamp) },
  ...{ partId: 'a', inputId: 'b', revision: 2, emittedAtMs: Date.parse(WINDOW.emittedAt) },
};

const read = (fields: object) =>
  readDeliveredWindow(Buffer.from(JSON.stringify({ ...WINDOW, ...fields })), new SeriesTable());

describe('a window of the delivery stream', () => {
  test.each([
    ['as it was sent', {}, {}],
    ['without a part and an input', { partId: undefined, inputId: undefined }, { partId: '', inputId: '' }],
    ['without a sum', { sumValue: undefined }, { sumValue: NaN }],
    ['in its first revision', { revision: 0 }, { revision: 0 }],
    ['in its last revision', { revision: 2 ** 31 - 1 }, { revision: 2 ** 31 - 1 }],
  ])('is read %s', (_, sent, expected) => {
    const window = read(sent);
    expect(isDelivered(window)).toBe(true);
    expect(window).toEqual({ ...READ, ...expected });
  });

  test.each([
    [{ componentName: undefined }, 'missing-field', 'componentName is missing.'],
    [{ minValue: 10 }, 'min-above-max', 'minValue is greater than maxValue.'],
    [{ source: undefined }, 'missing-field', 'source is missing.'],
    [{ revision: undefined }, 'missing-field', 'revision is missing.'],
    [{ emittedAt: undefined }, 'missing-field', 'emittedAt is missing.'],
    [{ sampleCount: undefined }, 'missing-field', 'sampleCount is missing.'],
    [{ source: 'batch' }, 'wrong-type', 'source is not stream.'],
    [{ partId: 1 }, 'wrong-type', 'partId is not a text.'],
    [{ inputId: 1 }, 'wrong-type', 'inputId is not a text.'],
    [{ revision: '1' }, 'wrong-type', 'revision is not a whole number from 0 to 2^31 − 1.'],
    [{ revision: 0.5 }, 'wrong-type', 'revision is not a whole number from 0 to 2^31 − 1.'],
    [{ revision: -1 }, 'wrong-type', 'revision is not a whole number from 0 to 2^31 − 1.'],
    [{ revision: 2 ** 31 }, 'wrong-type', 'revision is not a whole number from 0 to 2^31 − 1.'],
    [{ emittedAt: 5 }, 'bad-timestamp', 'emittedAt is not an instant like 2020-01-01T11:32:54Z.'],
    [{ emittedAt: 'today' }, 'bad-timestamp', 'emittedAt is not an instant like 2020-01-01T11:32:54Z.'],
  ])('is rejected with %j', (sent, reason, message) => {
    const rejected = read(sent);
    expect(isDelivered(rejected)).toBe(false);
    expect(rejected).toEqual({ reason, message, line: 0, raw: JSON.stringify({ ...WINDOW, ...sent }) });
  });

  test('is rejected when it is no JSON object, with its text', () => {
    expect(readDeliveredWindow(Buffer.from('[]'), new SeriesTable())).toEqual({
      ...{ reason: 'malformed', message: 'The record is not a JSON object.', line: 0, raw: '[]' },
    });
  });

  test('is rejected when it is not UTF-8, with its bytes', () => {
    expect(readDeliveredWindow(Buffer.from([0x7b, 0xff, 0x7d]), new SeriesTable())).toEqual({
      ...{ reason: 'bad-encoding', message: 'The record is not UTF-8.', line: 0, rawBase64: 'e/99' },
    });
  });

  test('is rejected when it is longer than a record may be, and not before', () => {
    const padded = (bytes: number) => {
      const text = JSON.stringify(WINDOW);
      return readDeliveredWindow(Buffer.from(text + ' '.repeat(bytes - text.length)), new SeriesTable());
    };
    expect(padded(MAX_RECORD_BYTES)).toEqual(READ);
    expect(padded(MAX_RECORD_BYTES + 1)).toMatchObject({
      reason: 'too-long',
      message: `The record has ${MAX_RECORD_BYTES + 1} bytes; at most ${MAX_RECORD_BYTES} are allowed.`,
      truncated: true,
    });
  });
});
