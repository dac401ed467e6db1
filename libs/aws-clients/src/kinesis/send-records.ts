import type { KinesisClient, PutRecordsRequestEntry, PutRecordsResultEntry } from '@aws-sdk/client-kinesis';
import { boundedCall } from '../sdk/bounded-call.js';
import { compactPutRecords } from './compact-put-records.js';
import { type KinesisError, KinesisUnreachableError } from './errors.js';
import { explainKinesisError, unansweredByKinesis } from './explain-kinesis-error.js';

/** How one request ended. */
export type SendResult =
  /** One entry for each record, in order; some may hold an error. */
  | { readonly kind: 'answered'; readonly entries: readonly PutRecordsResultEntry[] }
  | {
      readonly kind: 'failed';
      readonly error: KinesisError;
      /** Whether Kinesis may have taken the records nevertheless. */
      readonly isAmbiguous: boolean;
    };

export interface SendOptions {
  readonly client: Pick<KinesisClient, 'send'>;
  readonly streamName: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Codes of connections that never stood. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Sends one request. Does not throw. */
export async function sendRecords(
  records: readonly PutRecordsRequestEntry[],
  { client, streamName, timeoutMs, signal }: SendOptions,
): Promise<SendResult> {
  try {
    const command = compactPutRecords(streamName, records);
    const { Records: entries } = await boundedCall((abortSignal) => client.send(command, { abortSignal }), {
      timeoutMs,
      unanswered: unansweredByKinesis,
      signal,
    });
    if (!Array.isArray(entries) || entries.length !== records.length) {
      throw new KinesisUnreachableError('The answer is not one of Kinesis: it does not tell of each record.');
    }
    return { kind: 'answered', entries };
  } catch (thrown) {
    const error = explainKinesisError(thrown, streamName);
    const code = (thrown as { code?: unknown } | undefined)?.code;
    return {
      kind: 'failed',
      error,
      isAmbiguous: error instanceof KinesisUnreachableError && !NOT_SENT.has(String(code)),
    };
  }
}
