import { isUtf8 } from 'node:buffer';

const MAX_RAW_BYTES = 8_192;

/** A record as the rules of lines give it, found by splitting the whole input at once. */
export interface OracleLine {
  readonly line: number;
  readonly bytes: Buffer;
  readonly fault?: 'bad-encoding' | 'too-long';
}

/** The non-empty lines of an input by docs/reference/record-rules.md. */
export function linesOf(input: Buffer, maxRecordBytes = 1_048_576): OracleLine[] {
  const bytes = input.subarray(0, 3).toString('hex') === 'efbbbf' ? input.subarray(3) : input;
  return bytes
    .toString('latin1')
    .split('\n')
    .map((text) => Buffer.from(text.replace(/\r$/, ''), 'latin1'))
    .map((record, index) => ({ line: index + 1, bytes: record }))
    .filter((record) => record.bytes.length > 0)
    .map((record): OracleLine => {
      if (!isUtf8(record.bytes)) return { ...record, fault: 'bad-encoding' };
      return record.bytes.length > maxRecordBytes ? { ...record, fault: 'too-long' } : record;
    });
}

/** What is kept of a rejected line: whole characters within 8,192 bytes, or as many bytes of what is no text. */
export function rawOf(bytes: Buffer): { raw?: string; rawBase64?: string; truncated?: true } {
  const truncated = bytes.length > MAX_RAW_BYTES ? { truncated: true as const } : {};
  if (!isUtf8(bytes)) return { rawBase64: bytes.subarray(0, MAX_RAW_BYTES).toString('base64'), ...truncated };
  let raw = '';
  let length = 0;
  for (const character of bytes.toString('utf8')) {
    length += Buffer.byteLength(character);
    if (length > MAX_RAW_BYTES) break;
    raw += character;
  }
  return { raw, ...truncated };
}
