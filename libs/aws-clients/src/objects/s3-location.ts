/** A place in S3: a bucket and what keys begin with, without a slash at its end. */
export interface S3Location {
  readonly bucket: string;
  readonly prefix: string;
}

/** Reads `s3://BUCKET/PREFIX`. Pure. @returns nothing when it is something else */
export function parseS3Location(text: string): S3Location | undefined {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/s.exec(text);
  if (!match) return undefined;
  return { bucket: match[1]!, prefix: (match[2] ?? '').replace(/\/+$/, '') };
}
