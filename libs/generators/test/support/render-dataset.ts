import { ExpectedResults, type Dataset, type WindowedParquetRow } from '../../src/index.js';

export interface RenderedFile {
  readonly path: string;
  readonly stage: string;
  /** Not compressed. */
  readonly bytes: Buffer;
  readonly rows: readonly WindowedParquetRow[];
}

/** Makes all files of a data set in memory. */
export function renderDataset(dataset: Dataset): { files: RenderedFile[]; expected: ExpectedResults } {
  const expected = new ExpectedResults(dataset.nowMs);
  const files = dataset.files.map((file) => ({
    path: file.path,
    stage: file.stage,
    bytes: file.kind === 'bytes' ? Buffer.concat([...file.chunks(expected)]) : Buffer.alloc(0),
    rows: file.kind === 'parquet' ? [...file.rows(expected)] : [],
  }));
  return { files, expected };
}
