import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyInput } from './support/any-input.js';
import { LineReader, type LineReaderState } from '../src/index.js';
import { cutAnywhere } from './support/cut-anywhere.js';
import { linesOf, rawOf } from './support/line-oracle.js';
import { type Call, readLines } from './support/readers.js';

const limit = fc.constantFrom(1, 2, 3, 4, 5, 9, 30, 100, 9_000);
const cutInput = anyInput(['a', 'plain', 'é€😀'], { long: true }).chain((input) =>
  fc.tuple(fc.constant(input), cutAnywhere(input)),
);

/** What the reader calls, by splitting the whole input. */
function oracle(input: Buffer, maxRecordBytes: number): unknown[] {
  return linesOf(input, maxRecordBytes).map(({ line, bytes, fault }) =>
    fault === undefined
      ? { kind: 'line', line, values: { text: bytes.toString('latin1') } }
      : { kind: 'rejected', line, values: { reason: fault, line, ...rawOf(bytes) } },
  );
}

function withoutMessages(calls: readonly Call[]): unknown[] {
  return calls.map((call) => {
    if (call.kind !== 'rejected') return call;
    const { message, ...values } = call.values;
    expect(message).not.toBe('');
    return { ...call, values };
  });
}

const text = (...parts: readonly string[]) => Buffer.from(parts.join(''));
const lines = (input: Buffer, maxRecordBytes?: number) =>
  readLines([input], maxRecordBytes === undefined ? {} : { maxRecordBytes }).calls.map((call) =>
    call.kind === 'line'
      ? `${call.line}: ${call.values.text}`
      : `${call.line}! ${(call.values as { reason: string }).reason}`,
  );

describe('the line reader', () => {
  test('cuts any bytes, in chunks of any size, into the lines that splitting the whole gives', () => {
    fc.assert(
      fc.property(cutInput, limit, ([input, chunks], maxRecordBytes) => {
        const reading = readLines(chunks, { maxRecordBytes });
        const expected = oracle(input, maxRecordBytes);
        expect(withoutMessages(reading.calls)).toEqual(expected);
        expect(reading.records).toBe(expected.length);
      }),
      { numRuns: 600 },
    );
  });

  test('goes on from its state, once that was text, as if it had not been interrupted', () => {
    fc.assert(
      fc.property(cutInput, limit, ([input, chunks], maxRecordBytes) => {
        const calls: unknown[] = [];
        const options = {
          maxRecordBytes,
          onLine: (bytes: Buffer, start: number, end: number, line: number) =>
            calls.push([line, bytes.toString('latin1', start, end)]),
          onRejected: (rejected: unknown) => calls.push(rejected),
        };
        const whole = new LineReader(options);
        whole.push(input);
        whole.end();
        const expected = calls.splice(0);
        let reader = new LineReader(options);
        for (const chunk of chunks) {
          reader.push(chunk);
          reader = new LineReader({ ...options, state: JSON.parse(JSON.stringify(reader.state())) as LineReaderState });
        }
        reader.end();
        expect(calls).toEqual(expected);
        expect([reader.records, reader.lines]).toEqual([whole.records, whole.lines]);
      }),
      { numRuns: 600 },
    );
  });

  test('hands on the first record as the header, wherever the chunks are cut, and an empty one when it is too long', () => {
    fc.assert(
      fc.property(cutInput, limit, ([input, chunks], maxRecordBytes) => {
        const reading = readLines(chunks, { maxRecordBytes, header: true });
        const [header, ...records] = linesOf(input, maxRecordBytes);
        const expected = oracle(input, maxRecordBytes).slice(1);
        const length = header?.bytes.length ?? 0;
        const text = length > maxRecordBytes ? '' : header?.bytes.toString('latin1');
        expect(withoutMessages(reading.calls)).toEqual(
          header ? [{ kind: 'header', line: 0, values: { text, length } }, ...expected] : [],
        );
        expect(reading.records).toBe(records.length);
      }),
      { numRuns: 600 },
    );
  });

  test('drops one carriage return before a line feed and no other', () => {
    expect(lines(text('a\r\nb\r\r\n\rc\n\r\n\r\r\nd'))).toEqual(['1: a', '2: b\r', '3: \rc', '5: \r', '6: d']);
  });

  test('drops a byte order mark at the start of the input and nowhere else', () => {
    const bom = '\u00ef\u00bb\u00bf';
    expect(lines(text('\uFEFF\uFEFFa\n\uFEFFb'))).toEqual([`1: ${bom}a`, `2: ${bom}b`]);
    expect(lines(text('\uFEFF\r\na'))).toEqual(['2: a']);
    expect(lines(text('\uFEFF'))).toEqual([]);
  });

  test.each([
    [4, 'abcd\r\n', ['1: abcd']],
    [4, '\uFEFFabcd\r\n', ['1: abcd']],
    [4, '\uFEFFabcd', ['1: abcd']],
    [4, 'a\n\uFEFFabc\r\n', ['1: a', '2! too-long']],
    [4, 'abcde\n', ['1! too-long']],
    [4, 'abcde', ['1! too-long']],
    [4, 'abcd\r\r\n', ['1! too-long']],
  ])('counts neither line end nor byte order mark to the %d bytes of %j', (maxRecordBytes, input, expected) => {
    for (const chunk of [1, 2, 3, 100]) {
      const bytes = text(input);
      const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, index) =>
        bytes.subarray(index * chunk, (index + 1) * chunk),
      );
      const calls = readLines(chunks, { maxRecordBytes }).calls;
      expect(calls.map((call) => call.line)).toEqual(
        lines(bytes, maxRecordBytes).map((line) => Number.parseInt(line, 10)),
      );
      expect(lines(bytes, maxRecordBytes)).toEqual(expected);
    }
  });

  test('takes a line of exactly 1 MiB and rejects one of a byte more', () => {
    const longest = 'x'.repeat(1_048_576);
    expect(lines(text(longest, '\r\n')).map((line) => line.length)).toEqual([longest.length + 3]);
    expect(lines(text(longest, 'x\n'))).toEqual(['1! too-long']);
  });

  test('says that a line which is not UTF-8 is not, however long it is', () => {
    const torn = Buffer.concat([text('x'.repeat(20_000)), Buffer.from([0xc3])]);
    expect(lines(torn, 100)).toEqual(['1! bad-encoding']);
    expect(readLines([torn.subarray(0, 9_000), torn.subarray(9_000)], { maxRecordBytes: 100 }).calls[0]).toMatchObject({
      values: { reason: 'bad-encoding', rawBase64: torn.subarray(0, 8_192).toString('base64'), truncated: true },
    });
  });

  test('names the length and the limit of a line that is too long', () => {
    const [call] = readLines([text('\uFEFFabcdef\r\n')], { maxRecordBytes: 5 }).calls;
    expect((call!.values as { message: string }).message).toBe('The line has 6 bytes; at most 5 are allowed.');
  });
});

describe('what is kept of a rejected line', () => {
  test.each([
    ['é', 8_191, 8_191],
    ['é', 8_190, 8_192],
    ['€', 8_190, 8_190],
    ['€', 8_191, 8_191],
    ['€', 8_189, 8_192],
    ['😀', 8_189, 8_189],
    ['😀', 8_190, 8_190],
    ['😀', 8_191, 8_191],
    ['😀', 8_188, 8_192],
  ])('ends before %s when it begins at byte %d and does not fit', (letter, before, kept) => {
    for (const rest of ['', 'z', 'z'.repeat(100)]) {
      const line = text('x'.repeat(before), letter, rest);
      const whole = readLines([line], { maxRecordBytes: 10 });
      const bytewise = readLines(
        Array.from(line, (_, index) => line.subarray(index, index + 1)),
        { maxRecordBytes: 10 },
      );
      const { raw, truncated } = whole.calls[0]!.values as { raw: string; truncated?: true };
      expect(Buffer.byteLength(raw)).toBe(Math.min(kept, line.length));
      expect(line.toString().startsWith(raw)).toBe(true);
      expect(truncated).toBe(line.length > 8_192 ? true : undefined);
      expect(bytewise).toEqual(whole);
    }
  });
});
