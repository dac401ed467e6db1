import { parseInstant, type RejectReason } from '@pulselake/data-model';

/** A JSON object by the rules: own fields only, of duplicate keys the last; `undefined` when the line is none. */
export function objectOf(text: string): ReadonlyMap<string, unknown> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  return isObject ? new Map(Object.entries(parsed as object)) : undefined;
}

export interface RecordRules {
  readonly lengths: Readonly<Record<string, number>>;
  readonly needed: readonly string[];
  readonly numbers: readonly string[];
  readonly counts: readonly string[];
  readonly instants: readonly string[];
  readonly known: readonly string[];
}

/** The first reason, in the order of docs/reference/record-rules.md, why a JSON record is not taken. */
export function reasonOf(
  record: ReadonlyMap<string, unknown> | undefined,
  rules: RecordRules,
): RejectReason | undefined {
  if (record === undefined) return 'malformed';
  const isAbsent = (field: string) => [undefined, null, ''].includes(record.get(field) as string | null | undefined);
  const present = (fields: readonly string[]) =>
    fields.filter((field) => !isAbsent(field)).map((field) => record.get(field));
  const texts = Object.keys(rules.lengths);
  const numbers = present(rules.numbers);
  const checks: readonly (readonly [RejectReason, boolean])[] = [
    ['malformed', present(rules.known).some((value) => typeof value === 'string' && /\p{Surrogate}/u.test(value))],
    [
      'too-long',
      texts.some((field) => {
        const value = record.get(field);
        return typeof value === 'string' && [...value].length > rules.lengths[field]!;
      }),
    ],
    ['missing-field', rules.needed.some(isAbsent)],
    ['wrong-type', present(texts).some((value) => typeof value !== 'string')],
    ['wrong-type', numbers.some((value) => typeof value !== 'number')],
    ['wrong-type', present(rules.counts).some((value) => !isCount(value))],
    ['bad-timestamp', rules.instants.some((field) => parseInstant(String(record.get(field))) === undefined)],
    ['not-finite', numbers.some((value) => !Number.isFinite(value))],
  ];
  return checks.find(([, applies]) => applies)?.[0];
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && value % 1 === 0 && value >= 1 && value <= 2 ** 53 - 1;
}
