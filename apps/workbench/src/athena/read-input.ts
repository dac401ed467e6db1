import { AthenaFault, invalidRequest } from './athena-fault.js';

/** The body of a request. */
export type Input = Readonly<Record<string, unknown>>;

/** @throws AthenaFault when the body is no JSON object */
export function parseInput(body: string): Input {
  try {
    const value: unknown = JSON.parse(body === '' ? '{}' : body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Input;
  } catch {
    // Answered below.
  }
  throw new AthenaFault('SerializationException', 'The body is no JSON object.');
}

/** A text of the input, or undefined where there is none. */
export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new AthenaFault('SerializationException', `${name} must be a text.`);
  return value;
}

export function requiredText(input: Input, name: string): string {
  const text = optionalText(input, name);
  if (text === undefined || text === '') throw invalidRequest(`${name} is required`);
  return text;
}

export function optionalTexts(input: Input, name: string): readonly string[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || value.some((each) => typeof each !== 'string')) {
    throw new AthenaFault('SerializationException', `${name} must be a list of texts.`);
  }
  return value as string[];
}

export function optionalObject(input: Input, name: string): Input {
  const value = input[name] ?? {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new AthenaFault('SerializationException', `${name} must be an object.`);
  }
  return value as Input;
}

/** A whole number of the input between both ends, or `fallback` where there is none. */
export function optionalWhole(
  input: Input,
  name: string,
  { min, max, fallback }: { readonly min: number; readonly max: number; readonly fallback: number },
): number {
  const value = input[name] ?? fallback;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalidRequest(`${name} is ${JSON.stringify(value)}; it must be a whole number from ${min} to ${max}`);
}

/** A part of a list, with the token for the next one. */
export function pageOf<T>(
  items: readonly T[],
  input: Input,
  maxResults: number,
): { readonly items: readonly T[]; readonly token: { readonly NextToken?: string } } {
  const max = optionalWhole(input, 'MaxResults', { min: 1, max: maxResults, fallback: maxResults });
  const token = optionalText(input, 'NextToken');
  const from = token === undefined ? 0 : Number(/^from-(\d{1,9})$/.exec(token)?.[1] ?? Number.NaN);
  if (!(from <= items.length)) throw invalidRequest('NextToken is invalid');
  const next = from + max;
  return { items: items.slice(from, next), token: next < items.length ? { NextToken: `from-${next}` } : {} };
}
