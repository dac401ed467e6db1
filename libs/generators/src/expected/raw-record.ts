import { MAX_RAW_BYTES } from '@pulselake/data-model';

/** What `rejected_records` must hold of a rejected line. */
export interface RawRecord {
  readonly raw?: string;
  readonly rawBase64?: string;
  readonly truncated?: true;
}

/**
 * Cuts a rejected line as every engine must: text to whole code points within 8,192 bytes, bytes that are not UTF-8
 * to 8,192 bytes in base64.
 *
 * @param line the line without its end; bytes when they are not UTF-8
 * @example rawRecord('{"torn') // { raw: '{"torn' }
 */
export function rawRecord(line: string | Uint8Array): RawRecord {
  if (typeof line !== 'string') {
    const rawBase64 = Buffer.from(line.subarray(0, MAX_RAW_BYTES)).toString('base64');
    return line.length > MAX_RAW_BYTES ? { rawBase64, truncated: true } : { rawBase64 };
  }
  const bytes = Buffer.from(line);
  if (bytes.length <= MAX_RAW_BYTES) return { raw: line };
  let end = MAX_RAW_BYTES;
  // 10xxxxxx continues a code point, which then does not end before this byte.
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  return { raw: bytes.toString('utf8', 0, end), truncated: true };
}
