import { HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type CallOptions, callService, type ControlOptions } from '../control/call-service.js';
import { ConflictError, ControlRequestError, MissingError } from '../control/errors.js';
import type { ArtifactLocation, ArtifactStore, PutArtifactRequest, StoredArtifact } from './artifact-store.js';
import { putArtifactRequest } from './put-artifact-request.js';

/**
 * Most bytes of an artifact: Managed Flink takes no more code, and Spark and Glue want far less.
 *
 * @see https://docs.aws.amazon.com/managed-flink/latest/java/limits.html
 */
export const MAX_ARTIFACT_BYTES = 512 * 1024 * 1024;

/** The SDK's client of S3 by which an {@link S3ArtifactStore} works. */
export type S3ArtifactStoreOptions = ControlOptions<Pick<S3Client, 'send'>>;

/** `ArtifactStore` on Amazon S3. An artifact goes in one request, of which S3 takes up to 5 GiB. */
export class S3ArtifactStore implements ArtifactStore {
  constructor(private readonly options: S3ArtifactStoreOptions) {}

  async head({ bucket, key }: ArtifactLocation, { signal }: CallOptions = {}): Promise<StoredArtifact | undefined> {
    try {
      const answer = await this.#call({ bucket, needs: 's3:GetObject and s3:ListBucket', signal }, (call) =>
        this.options.client.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' }), call),
      );
      const { ChecksumSHA256: checksum, ChecksumType: type } = answer;
      return {
        bucket,
        key,
        sizeBytes: answer.ContentLength ?? 0,
        modifiedMs: answer.LastModified?.getTime() ?? 0,
        // A checksum of parts' checksums says nothing about the whole.
        ...(checksum !== undefined &&
          type !== 'COMPOSITE' && { sha256: Buffer.from(checksum, 'base64').toString('hex') }),
      };
    } catch (error) {
      // To HEAD, S3 does not say whether it is the bucket or the key that is missing.
      if (error instanceof MissingError) return undefined;
      throw error;
    }
  }

  async put(request: PutArtifactRequest, { signal }: CallOptions = {}): Promise<boolean> {
    const { bucket, body } = request;
    if (body.byteLength > MAX_ARTIFACT_BYTES) {
      throw new ControlRequestError(
        `${request.key} has ${body.byteLength} bytes; ${MAX_ARTIFACT_BYTES} are taken at most. Leave out what the service provides.`,
      );
    }
    try {
      await this.#call({ bucket, needs: 's3:PutObject', signal }, (call) =>
        this.options.client.send(new PutObjectCommand({ ...putArtifactRequest(request), Body: body }), call),
      );
      return true;
    } catch (error) {
      const name = (error as Error).cause instanceof Error ? ((error as Error).cause as Error).name : '';
      if (name === 'PreconditionFailed') return false;
      if (error instanceof ConflictError || name === 'ConditionalRequestConflict') {
        throw new ConflictError(`Somebody else is writing ${request.key} just now. Upload again.`, { cause: error });
      }
      throw error;
    }
  }

  async list(bucket: string, prefix: string, { signal }: CallOptions = {}): Promise<StoredArtifact[]> {
    const found: StoredArtifact[] = [];
    let token: string | undefined;
    do {
      const input = { Bucket: bucket, Prefix: prefix, ...(token !== undefined && { ContinuationToken: token }) };
      const answer = await this.#call({ bucket, needs: 's3:ListBucket', signal }, (call) =>
        this.options.client.send(new ListObjectsV2Command(input), call),
      );
      for (const { Key: key, Size, LastModified } of answer.Contents ?? []) {
        if (key !== undefined) {
          found.push({ bucket, key, sizeBytes: Size ?? 0, modifiedMs: LastModified?.getTime() ?? 0 });
        }
      }
      token = answer.NextContinuationToken;
    } while (token !== undefined);
    return found.sort((one, other) => other.modifiedMs - one.modifiedMs || (one.key < other.key ? -1 : 1));
  }

  // Storing is conditional, so all requests may be repeated.
  #call<T>(
    { bucket, needs, signal }: { bucket: string; needs: string; signal: AbortSignal | undefined },
    work: (options: { readonly abortSignal: AbortSignal }) => Promise<T>,
  ): Promise<T> {
    const request = { service: 'S3', what: 'bucket', name: bucket, needs, isRepeatable: true, signal } as const;
    return callService(work, request, { ...this.options, requestTimeoutMs: this.options.requestTimeoutMs ?? 600_000 });
  }
}
