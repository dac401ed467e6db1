import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects, type FileMetaData } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';

/** A Parquet file as an implementation that is not DuckDB sees it. */
export async function readWithHyparquet(
  path: string,
): Promise<{ readonly metadata: FileMetaData; readonly rows: readonly Record<string, unknown>[] }> {
  const file = await asyncBufferFromFile(path);
  return { metadata: await parquetMetadataAsync(file), rows: await parquetReadObjects({ file, compressors }) };
}
