import { isUtf8 } from 'node:buffer';

/** A record as the rules of lines give it. */
export interface ModelLine {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  readonly bytes: number;
  readonly fault?: 'bad-encoding' | 'too-long';
}

/** The non-empty lines of an input, found by splitting it as a whole: nothing here reads in pieces. */
export function linesOf(input: Buffer, maxRecordBytes: number): ModelLine[] {
  const hasMark = input.subarray(0, 3).toString('hex') === 'efbbbf';
  const lines = input
    .subarray(hasMark ? 3 : 0)
    .toString('latin1')
    .split('\n');
  return lines.flatMap((text, index) => {
    const bytes = Buffer.from(text.endsWith('\r') ? text.slice(0, -1) : text, 'latin1');
    if (bytes.length === 0) return [];
    const line = { line: index + 1, text: bytes.toString('utf8'), bytes: bytes.length };
    if (!isUtf8(bytes)) return [{ ...line, fault: 'bad-encoding' as const }];
    return [bytes.length > maxRecordBytes ? { ...line, fault: 'too-long' as const } : line];
  });
}
