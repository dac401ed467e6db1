import type { ExpectedResults, GeneratedStage } from '../expected/expected-results.js';
import type { Faults } from '../faults.js';
import type { BytesFile } from './dataset-file.js';
import { encodeLines, type Line } from './encode-lines.js';

export interface TextFileOptions {
  /** Without `.gz`. */
  readonly path: string;
  readonly stage: GeneratedStage;
  readonly gzip: boolean;
  /** Place of the file among those of its kind: decides on CRLF and BOM. */
  readonly place: number;
  readonly faults: Faults;
  readonly header?: string;
  readonly finalNewline?: boolean;
  readonly lines: (expected: ExpectedResults) => Iterable<Line>;
}

/** Describes a file of lines whose readers see each line that is not empty. */
export function textFile({
  path,
  stage,
  gzip,
  place,
  faults,
  header,
  finalNewline,
  lines,
}: TextFileOptions): BytesFile {
  return {
    kind: 'bytes',
    path: gzip ? `${path}.gz` : path,
    stage,
    gzip,
    chunks: (expected) =>
      encodeLines(lines(expected), {
        header,
        finalNewline: finalNewline ?? true,
        crlf: isChosen(place, faults.crlfFile, 1),
        byteOrderMark: isChosen(place, faults.bomFile, 2),
        onRecord: () => expected.read(stage),
      }),
  };
}

/** Chooses every n-th file, from the second or third on, so that a share above 0 is never nobody's. */
function isChosen(place: number, share: number, first: number): boolean {
  return share > 0 && (place - first) % Math.max(1, Math.round(1 / share)) === 0;
}
