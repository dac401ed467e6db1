import { HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { DEFAULT_RETRY_POLICY, type RetryPolicy } from '../kinesis/retry-policy.js';
import { callService, type ControlEnvironment } from './call-service.js';
import { ConflictError, ControlRequestError, MissingError } from './errors.js';
import { putJarRequest } from './jar-requests.js';
import type { JarStore, PutJarRequest, StoredJar } from './jar-store.js';
import type { FlinkCallOptions, JarLocation } from './managed-flink.js';

/** Most bytes of an application's code. @see https://docs.aws.amazon.com/managed-flink/latest/java/limits.html */
export const MAX_JAR_BYTES = 512 * 1024 * 1024;

export interface S3JarStoreOptions extends ControlEnvironment {
  /** The caller's to destroy. */
  readonly client: Pick<S3Client, 'send'>;
  /** How a request is tried again, default two minutes with pauses of at most 5 s. */
  readonly retry?: RetryPolicy | undefined;
  /** Time until an attempt is given up, default 600,000. */
  readonly requestTimeoutMs?: number | undefined;
}

/**
 * `JarStore` on Amazon S3. A jar goes in one request: S3 takes 5 GiB in one, and Managed Flink no more than
 * `MAX_JAR_BYTES` of code.
 */
export class S3JarStore implements JarStore {
  constructor(private readonly options: S3JarStoreOptions) {}

  async head({ bucket, key }: JarLocation, { signal }: FlinkCallOptions = {}): Promise<StoredJar | undefined> {
    try {
      const answer = await this.#call({ bucket, needs: 's3:GetObject and s3:ListBucket', signal }, (abortSignal) =>
        this.options.client.send(new HeadObjectCommand({ Bucket: bucket, Key: key, ChecksumMode: 'ENABLED' }), {
          abortSignal,
        }),
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

  async put(request: PutJarRequest, { signal }: FlinkCallOptions = {}): Promise<boolean> {
    const { bucket, body } = request;
    if (body.byteLength > MAX_JAR_BYTES) {
      throw new ControlRequestError(
        `The jar has ${body.byteLength} bytes; Managed Flink takes ${MAX_JAR_BYTES} at most. Leave out what the service provides.`,
      );
    }
    try {
      await this.#call({ bucket, needs: 's3:PutObject', signal }, (abortSignal) =>
        this.options.client.send(new PutObjectCommand({ ...putJarRequest(request), Body: body }), { abortSignal }),
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

  async list(bucket: string, prefix: string, { signal }: FlinkCallOptions = {}): Promise<StoredJar[]> {
    const found: StoredJar[] = [];
    let token: string | undefined;
    do {
      const input = { Bucket: bucket, Prefix: prefix, ...(token !== undefined && { ContinuationToken: token }) };
      const answer = await this.#call({ bucket, needs: 's3:ListBucket', signal }, (abortSignal) =>
        this.options.client.send(new ListObjectsV2Command(input), { abortSignal }),
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
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const { retry = DEFAULT_RETRY_POLICY, requestTimeoutMs = 600_000, clock, random, sleep, onRetry } = this.options;
    return callService(work, {
      service: 'S3',
      name: bucket,
      needs,
      retry,
      requestTimeoutMs,
      isRepeatable: true,
      signal,
      clock,
      random,
      sleep,
      onRetry,
    });
  }
}
