import { partitionKeyOf, type MetricEvent } from '@pulselake/data-model';

/** Longest partition key, in Unicode code points. */
const MAX_KEY_LENGTH = 256;

/**
 * The partition key of an event, `componentName_metricName`, cut to the 256 characters that Kinesis takes. Two names of
 * 128 characters make 257.
 */
export function partitionKey(event: Pick<MetricEvent, 'componentName' | 'metricName'>): string {
  const key = partitionKeyOf(event);
  return key.length <= MAX_KEY_LENGTH ? key : Array.from(key).slice(0, MAX_KEY_LENGTH).join('');
}
