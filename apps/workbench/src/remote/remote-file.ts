/** A file of a lake in a bucket, as far as it is known. */
export interface RemoteFile {
  readonly sizeBytes: number;
  /** In hex; absent where the bucket does not know it. */
  readonly sha256?: string;
}

/** What a lake in a bucket holds besides its tables: it is not part of a copy. */
const LEFT_OUT = ['landing/', '_'];

/** Whether an object is a part of a lake's copy. */
export function isPartOfCopy(key: string): boolean {
  return !LEFT_OUT.some((prefix) => key.startsWith(prefix)) && !/^\.[^./]/.test(key);
}

/** Whether a key can be the path of a file below a folder: nothing that leads out of it, nothing empty. */
export function isSafeKey(key: string): boolean {
  return !key.includes('\0') && !key.includes('\\') && key.split('/').every((part) => !['', '.', '..'].includes(part));
}
