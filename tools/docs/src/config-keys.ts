import { z } from 'zod';

/** A key of a configuration, as people write it. */
export interface ConfigKey {
  /** From the top, for example `lake.scanLimitGb`; `[]` is each item of a list, `<name>` a name of your own. */
  readonly path: string;
  /** What may stand there, with its range and unit. */
  readonly type: string;
  /** As JSON; `undefined` when there is none. */
  readonly preset: unknown;
  readonly isNeeded: boolean;
  readonly meaning: string;
}

type JsonSchema = Readonly<z.core.JSONSchema.BaseSchema>;

/** The unit that the end of a key's name says. */
const UNITS: readonly (readonly [RegExp, string])[] = [
  [/Millis$/, 'ms'],
  [/Seconds$/, 's'],
  [/Minutes$/, 'min'],
  [/Hours$/, 'h'],
  [/Days$/, 'days'],
  [/Mebibytes$/, 'MiB'],
  [/Gb$/, 'GB'],
  [/Percent$/, '%'],
  [/Dollars$/, 'US dollars'],
  [/Dpu$/, 'DPU'],
  [/Kpus$/, 'KPU'],
  [/Vcpu$/, 'vCPU'],
];

/** Patterns longer than this say less than the description. */
const MAX_PATTERN_LENGTH = 40;

/** The keys of what people write for a schema, in its order, objects before what is in them. */
export function configKeys(schema: z.ZodType): ConfigKey[] {
  // A refinement is told in the description: JSON Schema has no word for it.
  return keysOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), '');
}

function keysOf(schema: JsonSchema, path: string): ConfigKey[] {
  const below = (name: string) => (path === '' ? name : `${path}.${name}`);
  const needed = new Set(schema.required);
  return [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
      const of = property as JsonSchema;
      return [keyOf(of, below(name), needed.has(name)), ...keysOf(of, below(name))];
    }),
    ...(schema.oneOf ?? []).flatMap((choice) => keysOfKind(choice, path)),
    ...(isSchema(schema.items) ? keysOf(schema.items, `${path}[]`) : []),
    ...(isSchema(schema.additionalProperties) ? keysOf(schema.additionalProperties, below('<name>')) : []),
  ];
}

/** Keys of a kind say which: the same name may mean another thing in the next. */
function keysOfKind(choice: JsonSchema, path: string): ConfigKey[] {
  const kind = Object.values(choice.properties ?? {})
    .map((property) => (property as JsonSchema).const)
    .find((value) => value !== undefined);
  return keysOf(choice, path).map((key) =>
    kind === undefined || key.type === code(kind) || key.meaning === ''
      ? key
      : { ...key, meaning: `Of ${code(kind)}: ${key.meaning}` },
  );
}

function keyOf(schema: JsonSchema, path: string, isNeeded: boolean): ConfigKey {
  return { path, type: typeOf(schema, path), preset: schema.default, isNeeded, meaning: schema.description ?? '' };
}

function typeOf(schema: JsonSchema, path: string): string {
  if (schema.const !== undefined) return code(schema.const);
  const unit = UNITS.find(([end]) => end.test(path))?.[1];
  if (schema.enum) return withUnit(`one of ${schema.enum.map(code).join(', ')}`, unit);
  if (schema.oneOf) return 'object, one of several kinds';
  if (schema.type === 'array') return `list of ${itemsOf((schema.items as JsonSchema).type)}`;
  if (schema.type === 'object') {
    const { propertyNames: names, additionalProperties: values } = schema;
    if (!isSchema(values)) return 'object';
    return isSchema(names) && names.enum ? `object with keys of ${names.enum.map(code).join(', ')}` : 'object by name';
  }
  if (schema.type === 'integer' || schema.type === 'number')
    return withUnit([schema.type === 'integer' ? 'whole number' : 'number', rangeOf(schema)].join(''), unit);
  if (schema.format !== undefined) return FORMATS[schema.format] ?? schema.format;
  if (schema.pattern !== undefined && schema.pattern.length <= MAX_PATTERN_LENGTH)
    return `text like ${code(schema.pattern)}`;
  if (schema.type === 'boolean') return 'true or false';
  return schema.type === 'string' ? 'text' : 'anything';
}

const FORMATS: Readonly<Record<string, string>> = {
  date: 'UTC day, `YYYY-MM-DD`',
  'date-time': 'instant, `YYYY-MM-DDTHH:MM:SSZ`',
  email: 'address of e-mail',
};

/** Zod bounds whole numbers by what a double holds exactly: that is no rule of the configuration. */
function rangeOf({ minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  const [least, most] = [minimum, maximum].map((bound) =>
    typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? number(bound) : undefined,
  );
  if (typeof exclusiveMinimum === 'number')
    return ` above ${number(exclusiveMinimum)}${most === undefined ? '' : `, up to ${most}`}`;
  if (least !== undefined) return most === undefined ? `, at least ${least}` : `, ${least} to ${most}`;
  return most === undefined ? '' : `, at most ${most}`;
}

function withUnit(type: string, unit: string | undefined): string {
  return unit === undefined ? type : `${type} (${unit})`;
}

function itemsOf(type: JsonSchema['type']): string {
  return typeof type !== 'string' ? 'anything' : type === 'string' ? 'texts' : `${type}s`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
