import type { FailureReason } from '@pulselake/aws-clients/kinesis';
import type { RejectReason } from '@pulselake/data-model';

/** What became of the events: `read = sent + rejected + failed`, always. */
export interface ProduceAccount {
  readonly stream: string;
  /** Lines taken up, blank ones left out. */
  readonly read: number;
  /** Accepted by the stream. */
  readonly sent: number;
  readonly rejected: number;
  readonly rejectedByReason: Readonly<Partial<Record<RejectReason, number>>>;
  /** Given up. */
  readonly failed: number;
  readonly failedByReason: Readonly<Partial<Record<FailureReason, number>>>;
  /** The first message for each reason. */
  readonly failures: Readonly<Partial<Record<FailureReason, string>>>;
  /** Events that were sent more than once. */
  readonly retried: number;
  /** Sent events that the stream may hold more than once; their ids make that harmless. */
  readonly possiblyTwice: number;
  /** Events that had no id and were given one. */
  readonly idsAdded: number;
  readonly requests: number;
  readonly bytes: number;
  readonly seconds: number;
  /** Whether all input was read: not when it was stopped, by hand, by the limit, or because nothing could be sent. */
  readonly complete: boolean;
  readonly stopped?: 'limit' | 'signal' | 'failure';
  /** Why the input could not be read on. */
  readonly error?: string;
}

/** The account for people. */
export function accountLines(account: ProduceAccount): string[] {
  const { stream, read, sent, rejected, failed, retried, possiblyTwice, idsAdded, seconds, stopped } = account;
  const rate = seconds > 0 ? Math.round(sent / seconds) : sent;
  const number = (value: number) => value.toLocaleString('en-US');
  const byReason = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([reason, count]) => `${reason} ${number(count)}`)
      .join(', ');
  return [
    `${stream}: read ${number(read)} = sent ${number(sent)} + rejected ${number(rejected)} + failed ${number(failed)}`,
    ...(rejected > 0 ? [`rejected: ${byReason(account.rejectedByReason)}`] : []),
    ...(failed > 0 ? [`failed: ${byReason(account.failedByReason)}`] : []),
    ...Object.entries(account.failures).map(([reason, message]) => `  ${reason}: ${message}`),
    `retried ${number(retried)}, possibly twice in the stream ${number(possiblyTwice)}, ids added ${number(idsAdded)}`,
    `${number(rate)} events/s, ${number(account.requests)} requests, ${seconds.toFixed(1)} s`,
    ...(stopped === 'signal' ? ['Stopped before the end of the input; what was read is settled.'] : []),
    ...(account.error === undefined ? [] : [`Ended before the end of the input: ${account.error}`]),
    ...(stopped === 'failure' ? ['Ended before the end of the input: nothing more can be sent.'] : []),
  ];
}
