import type { ExpectedResults, GeneratedStage } from '../expected/expected-results.js';

/** A row of a windowed-metrics Parquet file. */
export interface WindowedParquetRow {
  readonly componentName: string;
  readonly metricName: string;
  readonly unit: string;
  readonly minValue: number;
  readonly maxValue: number;
  readonly sumValue?: number;
  readonly sampleCount?: number;
  readonly fromTimestamp: Date;
  readonly toTimestamp: Date;
}

interface FilePlace {
  /** Below the data set's folder, `/`-separated. */
  readonly path: string;
  readonly stage: GeneratedStage;
}

/** A file of bytes. Each call makes the same bytes and tells `expected` what they mean. */
export interface BytesFile extends FilePlace {
  readonly kind: 'bytes';
  /** Whether the bytes are to be compressed; they are plain here. */
  readonly gzip: boolean;
  chunks(expected: ExpectedResults): Iterable<Uint8Array>;
}

/** A Parquet file, as its rows. */
export interface ParquetFile extends FilePlace {
  readonly kind: 'parquet';
  rows(expected: ExpectedResults): Iterable<WindowedParquetRow>;
}

/** A file of a data set, described: nothing is made before it is asked for. */
export type DatasetFile = BytesFile | ParquetFile;
