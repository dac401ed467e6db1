import type { RejectReason } from '@pulselake/data-model';

/** What is wrong with a record. The checks below give `undefined` when nothing is. */
export type Fault = readonly [reason: RejectReason, message: string];

/** Parses a line as a JSON object with own properties only; `undefined` for anything else. */
export function parseJsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
    // Without its prototype, so that an absent `constructor` is absent.
    return Object.setPrototypeOf(parsed, null) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

export function tooLong(field: string, value: unknown, maxLength: number): Fault | undefined {
  if (typeof value !== 'string' || value.length <= maxLength) return undefined;
  const length = Array.from(value).length;
  if (length <= maxLength) return undefined;
  return ['too-long', `${field} has ${length} characters; at most ${maxLength} are allowed.`];
}

export function missingField(record: Readonly<Record<string, unknown>>, fields: readonly string[]): Fault | undefined {
  const field = fields.find((name) => isAbsent(record[name]));
  return field === undefined ? undefined : ['missing-field', `${field} is missing.`];
}

export function wrongText(field: string, value: unknown): Fault | undefined {
  return typeof value === 'string' ? undefined : wrongType(field, 'a text');
}

export function wrongType(field: string, allowed: string): Fault {
  return ['wrong-type', `${field} is not ${allowed}.`];
}

/** A text that UTF-8 cannot hold would be stored as another text. */
export function unpairedSurrogate(
  record: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): Fault | undefined {
  const field = fields.find((name) => {
    const value = record[name];
    return typeof value === 'string' && !value.isWellFormed();
  });
  return field === undefined ? undefined : ['malformed', `${field} holds an unpaired surrogate.`];
}
