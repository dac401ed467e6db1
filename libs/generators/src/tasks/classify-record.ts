import { MAX_NAME_LENGTH, MAX_RECORD_BYTES, MAX_UNIT_LENGTH, type RejectReason } from '@pulselake/data-model';

export interface NamedValues {
  readonly componentName: string;
  readonly metricName: string;
  readonly unit: string;
  readonly values: readonly number[];
}

/** Why a record with these names and numbers must be rejected, if it must: a task can ask for any of them. */
export function classifyRecord({ componentName, metricName, unit, values }: NamedValues): RejectReason | undefined {
  const isLong = (text: string, limit: number): boolean => Array.from(text).length > limit;
  if (isLong(componentName, MAX_NAME_LENGTH) || isLong(metricName, MAX_NAME_LENGTH) || isLong(unit, MAX_UNIT_LENGTH)) {
    return 'too-long';
  }
  if (componentName === '' || metricName === '' || unit === '') return 'missing-field';
  return values.every(Number.isFinite) ? undefined : 'not-finite';
}

/** Whether a line exceeds the longest record. */
export function isOversized(line: string): boolean {
  return Buffer.byteLength(line) > MAX_RECORD_BYTES;
}
