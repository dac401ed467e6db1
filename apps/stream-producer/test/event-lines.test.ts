import { expect, it } from 'vitest';
import { EventLines } from '../src/index.js';
import { eventLine } from './support/run-command.js';

const read = (text: string | Buffer) => {
  const lines = new EventLines((line) => `id-${line}`);
  return [...lines.push(Buffer.from(text)), ...lines.end()];
};
const json = (data: Uint8Array) => JSON.parse(Buffer.from(data).toString()) as Record<string, unknown>;

it('hands on an event with its id as it is, to the byte', () => {
  const line =
    ' {"extra":[1,{"x":"}"}],"eventId":"mine","value":1e0,"unit":"%","componentName":"a","metricName":"b","publicationTimestamp":"2024-03-01T00:00:00Z"} ';
  expect(read(`${line}\n`)).toEqual([
    {
      kind: 'event',
      partitionKey: 'a_b',
      data: Buffer.from(line),
      timestampMs: Date.UTC(2024, 2, 1),
      idAdded: false,
    },
  ]);
});

it.each([
  ['none', {}],
  ['null', { eventId: null }],
  ['empty', { eventId: '' }],
])('gives an event an id when it has %s', (_name, more) => {
  const [item] = read(`\n${eventLine(3, { nested: { deep: '}' }, ...more })}  \r\n`);
  expect(item).toMatchObject({ kind: 'event', idAdded: true });
  if (item?.kind !== 'event') return;
  expect(json(item.data)).toEqual({ ...(JSON.parse(eventLine(3)) as object), nested: { deep: '}' }, eventId: 'id-2' });
});

it('rejects what is no event, with its reason, line and raw text', () => {
  const items = read(
    Buffer.concat([
      Buffer.from(`${eventLine(1)}\n[]\n{"componentName":1}\n`),
      Buffer.of(0xff, 0xfe, 0x0a),
      Buffer.from(eventLine(2, { value: '7' })),
    ]),
  );
  expect(items.map((item) => (item.kind === 'rejected' ? [item.reason, item.line] : 'event'))).toEqual([
    'event',
    ['malformed', 2],
    ['missing-field', 3],
    ['bad-encoding', 4],
    ['wrong-type', 5],
  ]);
  expect(items[1]).toMatchObject({ raw: '[]' });
});

it('rejects what is too long with its id and key', () => {
  const line = (padding: number) => eventLine(1, { padding: 'x'.repeat(padding) });
  const most = 1_048_576 - line(0).length - ',"eventId":"id-1"'.length - 'service-1_cpu-usage'.length;
  expect(read(line(most))[0]).toMatchObject({ kind: 'event' });
  expect(read(line(most + 1))[0]).toMatchObject({ kind: 'rejected', reason: 'too-long', truncated: true });
});

it('reads the same from chunks cut anywhere', () => {
  const text = Array.from({ length: 40 }, (_, at) => (at % 7 === 3 ? 'no json ünï' : eventLine(at))).join('\n');
  const whole = read(text);
  for (const size of [1, 7, 1000]) {
    const lines = new EventLines((line) => `id-${line}`);
    const bytes = Buffer.from(text);
    const items = [];
    for (let at = 0; at < bytes.length; at += size) items.push(...lines.push(bytes.subarray(at, at + size)));
    items.push(...lines.end());
    expect(items).toEqual(whole);
  }
});
