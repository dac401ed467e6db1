/** A JSON Schema, as far as {@link findSchemaBreaks} looks into it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** How two schemas are compared. */
export interface SchemaBreakOptions {
  /** `in`: what was valid must stay valid. `out`: what readers could count on must stay so. */
  readonly direction: 'in' | 'out';
  /** Names the schema in messages. */
  readonly path: string;
}

/**
 * What in the JSON Schema `after` breaks those who wrote (`in`) or read (`out`) records of `before`. Pure.
 *
 * @returns one sentence each
 */
export function findSchemaBreaks(before: JsonSchema, after: JsonSchema, options: SchemaBreakOptions): string[] {
  const { path, direction } = options;
  const kind = (schema: JsonSchema) => JSON.stringify(schema['type'] ?? schema['anyOf'] ?? 'anything');
  if (kind(before) !== kind(after)) return [`${path} was ${kind(before)} and is ${kind(after)}`];
  return [
    ...enumBreaks(before, after, options),
    ...(direction === 'in' ? boundBreaks(before, after, path) : []),
    ...propertyBreaks(before, after, options),
    ...nestedBreaks(before, after, options, 'items', '[]'),
    ...nestedBreaks(before, after, options, 'additionalProperties', '.*'),
    ...nestedBreaks(before, after, options, 'propertyNames', ' names'),
  ];
}

function enumBreaks(before: JsonSchema, after: JsonSchema, { direction, path }: SchemaBreakOptions): string[] {
  const was = listOf(before['enum']);
  const is = listOf(after['enum']);
  if (was.length === 0 && is.length === 0) return [];
  if (is.length === 0) return direction === 'in' ? [] : [`${path} is no closed list any more`];
  if (was.length === 0) return direction === 'in' ? [`${path} is a closed list now`] : [];
  return was.filter((value) => !is.includes(value)).map((value) => `${path}: value ${value} was removed`);
}

/** Bounds under which the least allowed value must not rise, nor the greatest sink. */
const BOUNDS = [
  ['minLength', 1],
  ['minimum', 1],
  ['maxLength', -1],
  ['maximum', -1],
] as const;

function boundBreaks(before: JsonSchema, after: JsonSchema, path: string): string[] {
  const breaks: string[] = BOUNDS.flatMap(([bound, sign]) => {
    const was = before[bound];
    const is = after[bound];
    if (typeof is !== 'number') return [];
    if (typeof was === 'number' && (is - was) * sign <= 0) return [];
    return [`${path}: ${bound} was ${typeof was === 'number' ? was : 'absent'} and is ${is}`];
  });
  const pattern = after['pattern'];
  if (pattern !== undefined && pattern !== before['pattern']) breaks.push(`${path} has another pattern`);
  if (after['additionalProperties'] === false && before['additionalProperties'] !== false) {
    breaks.push(`${path} takes no unknown fields any more`);
  }
  return breaks;
}

function propertyBreaks(before: JsonSchema, after: JsonSchema, options: SchemaBreakOptions): string[] {
  const { path, direction } = options;
  const fields = schemaMap(before['properties']);
  const now = schemaMap(after['properties']);
  const needed = listOf(before['required']);
  const neededNow = listOf(after['required']);
  const breaks = Object.entries(fields).flatMap(([name, field]) => {
    const other = now[name];
    const at = `${path}.${name}`;
    if (!other) return [`${at} was removed`];
    return findSchemaBreaks(field, other, { ...options, path: at });
  });
  const changed =
    direction === 'in'
      ? neededNow.filter((name) => !needed.includes(name)).map((name) => `${path}.${name} is required now`)
      : needed
          .filter((name) => name in now && !neededNow.includes(name))
          .map((name) => `${path}.${name} may be absent now`);
  return [...breaks, ...changed];
}

function nestedBreaks(
  before: JsonSchema,
  after: JsonSchema,
  options: SchemaBreakOptions,
  key: string,
  suffix: string,
): string[] {
  const was = before[key];
  const is = after[key];
  if (!isSchema(was) || !isSchema(is)) return [];
  return findSchemaBreaks(was, is, { ...options, path: `${options.path}${suffix}` });
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function schemaMap(value: unknown): Readonly<Record<string, JsonSchema>> {
  return isSchema(value) ? (value as Readonly<Record<string, JsonSchema>>) : {};
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
