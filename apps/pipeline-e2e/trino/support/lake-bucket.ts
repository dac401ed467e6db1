import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { GlueTable } from '@pulselake/data-model';

/** An object of the lake: its key below the lake's prefix. */
export interface LakeObject {
  readonly key: string;
  readonly bytes: number;
}

/** Where objects go. */
export interface LakePlace {
  readonly bucket: string;
  readonly prefix: string;
}

/** Puts the files of a lake's tables into a bucket, under the keys that they have as paths. */
export async function copyLake(
  s3: S3Client,
  lake: string,
  to: LakePlace & { readonly tables: readonly GlueTable[] },
): Promise<LakeObject[]> {
  const objects: LakeObject[] = [];
  for (const { prefix } of to.tables) {
    const names = await readdir(join(lake, prefix), { recursive: true, withFileTypes: true }).catch(() => []);
    for (const entry of names) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const key = path.slice(lake.length + 1).replaceAll('\\', '/');
      const body = await readFile(path);
      await s3.send(new PutObjectCommand({ Bucket: to.bucket, Key: `${to.prefix}/${key}`, Body: body }));
      objects.push({ key, bytes: body.length });
    }
  }
  return objects;
}
