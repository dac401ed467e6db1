import { describe, expect, test } from 'vitest';
import { FlatEventFields } from '../src/events/flat-event-fields.js';
import { between } from './support/between.js';

const FIELDS = {
  componentName: 'cart',
  metricName: 'wait',
  unit: 'ms',
  value: -1.5e3,
  publicationTimestamp: '2024-05-01T12:00:00Z',
  eventId: 'e-1',
};

/** What the scan finds, or `undefined` when it leaves the line to JSON.parse. */
function scanned(text: string, fields = new FlatEventFields()): Record<string, string> | undefined {
  // A neighbour behind the line must not be read as a part of it.
  const { bytes, start, end } = between(text, '"}');
  if (!fields.scan(bytes, start, end)) return undefined;
  const cut = (from: number, to: number) => bytes.toString('utf8', from, to);
  return {
    componentName: cut(fields.componentStart, fields.componentEnd),
    metricName: cut(fields.metricStart, fields.metricEnd),
    unit: cut(fields.unitStart, fields.unitEnd),
    value: cut(fields.valueStart, fields.valueEnd),
    publicationTimestamp: cut(fields.timeStart, fields.timeEnd),
    eventId: cut(fields.idStart, fields.idEnd),
  };
}

const found = { ...FIELDS, value: '-1500' };
const LINE = JSON.stringify(FIELDS);

describe('the fields of a flat event', () => {
  test.each([
    ['in the order of the contract', LINE, found],
    ['in another order', JSON.stringify(Object.fromEntries(Object.entries(FIELDS).toReversed())), found],
    ['without an id', JSON.stringify({ ...FIELDS, eventId: undefined }), { ...found, eventId: '' }],
    ['with an empty id', JSON.stringify({ ...FIELDS, eventId: '' }), { ...found, eventId: '' }],
    ['with a space behind colons and commas', LINE.replaceAll('":', '": ').replaceAll(',"', ', "'), found],
    ['with names beyond ASCII', LINE.replace('cart', 'größe 🛒'), { ...found, componentName: 'größe 🛒' }],
    ['with what no number is, which is judged later', LINE.replace('-1500', 'true'), { ...found, value: 'true' }],
    [
      'with a value at the end',
      '{"componentName":"c","metricName":"m","unit":"u","publicationTimestamp":"t","value":7}',
      {
        ...{ componentName: 'c', metricName: 'm', unit: 'u', publicationTimestamp: 't', value: '7', eventId: '' },
      },
    ],
  ])('are found %s', (_, line, expected) => {
    expect(scanned(line)).toEqual(expected);
  });

  test('are found whatever the order of the line before', () => {
    const fields = new FlatEventFields();
    const lines = [LINE, JSON.stringify(Object.fromEntries(Object.entries(FIELDS).toReversed())), LINE, LINE];
    for (const line of lines) expect(scanned(line, fields)).toEqual(found);
    expect(scanned(JSON.stringify({ ...FIELDS, eventId: undefined }), fields)).toEqual({ ...found, eventId: '' });
  });

  test.each<readonly [string, string]>([
    ['a key twice', LINE.replace('"unit":"ms"', '"unit":"ms","unit":"s"')],
    ['a key twice instead of another', LINE.replace('"eventId":"e-1"', '"unit":"ms"')],
    ['an unknown key', LINE.replace('eventId', 'other')],
    ['a known key and more', LINE.replace('eventId', 'eventIds')],
    ['seven keys', LINE.replace('}', ',"seventh":"x"}')],
    ...Object.keys(FIELDS)
      .filter((name) => name !== 'eventId')
      .map((name) => [`no ${name}`, JSON.stringify({ ...FIELDS, [name]: undefined })] as const),
    ['an escape', LINE.replace('cart', 'c\\u0061rt')],
    ['a control character', LINE.replace('cart', 'c\tart')],
    ['a number for a text', LINE.replace('"ms"', '5')],
    ['null for an id', LINE.replace('"e-1"', 'null')],
    ['two spaces', LINE.replace(',', ',  ')],
    ['a space before a colon', LINE.replace('":', '" :')],
    ['a space before a comma', LINE.replace('",', '" ,')],
    ['a space behind the value', LINE.replace('-1500', '-1500 ')],
    ['a comma at the end', LINE.replace('}', ',}')],
    ['no comma', LINE.replace(',', '')],
    ['no colon', LINE.replace(':', '')],
    ['no quote before a key', LINE.replace('{"', '{')],
    ['no quote behind a key', LINE.replace('componentName"', 'componentName')],
    ['no brace before it', LINE.slice(1)],
    ['no brace behind it', LINE.slice(0, -1)],
    ['a list', `[${LINE.slice(1)}`],
    ['a list at its end', `${LINE.slice(0, -1)}]`],
    ['a text that is not ended', `${LINE.slice(0, -2)}}`],
    ['nothing in it', '{}'],
    ['nothing', ''],
  ])('are left to JSON.parse with %s', (_, line) => {
    expect(scanned(line)).toBeUndefined();
  });
});

describe('the lengths of a flat event', () => {
  const fit = (fields: Partial<typeof FIELDS>) => {
    const { bytes, start, end } = between(JSON.stringify({ ...FIELDS, ...fields }), '"}');
    const scan = new FlatEventFields();
    expect(scan.scan(bytes, start, end)).toBe(true);
    return scan.lengthsFit(bytes);
  };

  test.each([
    ['componentName', 128],
    ['metricName', 128],
    ['unit', 32],
    ['eventId', 64],
  ] as const)('are those of the contract for %s, in characters', (name, most) => {
    expect(fit({ [name]: 'x'.repeat(most) })).toBe(true);
    expect(fit({ [name]: '🛒'.repeat(most) })).toBe(true);
    expect(fit({ [name]: 'x'.repeat(most + 1) })).toBe(false);
    expect(fit({ [name]: '🛒'.repeat(most + 1) })).toBe(false);
    // An id may be empty: there is none then.
    expect(fit({ [name]: '' })).toBe(name === 'eventId');
  });
});
