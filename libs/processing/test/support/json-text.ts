import * as fc from 'fast-check';

/** Numbers in every notation of JSON. */
const NUMBERS = [
  ...['0', '-0', '1', '-1', '17.5', '1e3', '1E+3', '7.0E-4', '1.5e-7', '0.1', '9007199254740993', '1e308', '5e-324'],
  ...['123456789012345678', '-0.0', '0e5', '1.0', '100e-2'],
];
/** Beyond double, or numbers elsewhere. */
const ODD_NUMBERS = [
  ...['1e999', '-1e999', '1e999', '017', '-017', '00', '1.', '.5', '-.5', '1.e5', '+1', '-', '1e', '1e+', '0x10'],
  ...['1_0', 'NaN', 'Infinity', '1 '],
];
const OTHERS = ['null', 'true', '[]', '{}', '{"value":1}', '"1"', '""'];

/** Values of a text field, as JSON writes them. */
const texts = (max: number) =>
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.constantFrom('cart', 'é', '😀', 'a b', 'value', '}', '{', ',', ':', '\\', '"', '\u2028', '\u007f'),
    },
    { weight: 2, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('x'.repeat(max), 'x'.repeat(max + 1), '😀'.repeat(max), '😀'.repeat(max + 1)),
    },
  );

const escape = (text: string) =>
  Array.from({ length: text.length }, (_, index) => `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`).join(
    '',
  );

/** A text as JSON: with the escapes it needs, all escaped, or raw though JSON does not allow it. */
function written(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 14, arbitrary: text.map((value) => JSON.stringify(value)) },
    { weight: 2, arbitrary: text.map((value) => `"${escape(value)}"`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '"\\ud800"',
        '"a\\udc00b"',
        '"\\ud83d\\ude00"',
        '"\\u"',
        '"\\x"',
        '"\t"',
        '"\\n"',
        '"a',
        '""',
      ),
    },
  );
}

const odd = fc.constantFrom(...NUMBERS, ...ODD_NUMBERS, ...OTHERS);
const mostly = (value: fc.Arbitrary<string>) =>
  fc.oneof({ weight: 30, arbitrary: value }, { weight: 1, arbitrary: odd });

export const jsonText = (max: number) => mostly(written(texts(max)));
export const jsonNumber = fc.oneof(
  { weight: 10, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)) },
  { weight: 8, arbitrary: fc.constantFrom(...NUMBERS) },
  { weight: 3, arbitrary: fc.constantFrom(...ODD_NUMBERS) },
  { weight: 1, arbitrary: fc.constantFrom(...OTHERS) },
);
const INSTANTS = [
  '2024-05-01T12:00:00Z',
  '2024-02-29T23:59:59.9999Z',
  '1969-12-31T23:59:59.999999999Z',
  '0001-01-01T00:00:00.1Z',
];
const NO_INSTANTS = [
  '2024-02-30T00:00:00Z',
  '2024-05-01T12:00:00',
  '2024-05-01t12:00:00z',
  '2024-05-01T24:00:00Z',
  '2024-05-01T12:00:00.Z',
  ' ',
  '\ud800',
];

export const jsonInstant = mostly(
  fc
    .oneof(
      { weight: 8, arbitrary: fc.constantFrom(...INSTANTS) },
      { weight: 1, arbitrary: fc.constantFrom(...NO_INSTANTS) },
    )
    .map((text) => JSON.stringify(text)),
);

const OTHER_FIELDS: readonly (readonly [string, string])[] = [
  ['"other"', '{"a":[1,{"b":"}"}]}'],
  ['"value2"', '1'],
  ['"Value"', '1'],
  ['""', '1'],
  ['"__proto__"', '{"value":1}'],
  ['"constructor"', '1'],
  ['"other"', '"\\ud800"'],
];

/** A JSON object of the given fields, in any order, some absent, some twice, with other fields and any spaces. */
export function jsonObject(fields: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<string> {
  const all = Object.entries(fields).map(([name, value]) => fc.tuple(fc.constant(`"${name}"`), value));
  const extra = fc.array(
    fc.oneof({ weight: 1, arbitrary: fc.constantFrom(...OTHER_FIELDS) }, { weight: 2, arbitrary: fc.oneof(...all) }),
    { maxLength: 1 },
  );
  const space = fc.oneof(
    { weight: 40, arbitrary: fc.constant('') },
    { weight: 20, arbitrary: fc.constant(' ') },
    { weight: 1, arbitrary: fc.constantFrom('  ', '\t', '\v', '\u00a0') },
  );
  return fc
    .tuple(
      fc.tuple(...all),
      fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: extra }),
      fc.nat(60),
      fc.tuple(space, space, space, space),
    )
    .chain(([known, others, absent, [a, b, c, d]]) => {
      const kept = known.filter((_, index) => index !== absent);
      return fc.shuffledSubarray([...kept, ...others], { minLength: kept.length + others.length }).map((entries) => {
        const body = entries.map(
          ([key, value]) => `${a}${key === '"unit"' && absent === 29 ? '"\\u0075nit"' : key}${b}:${c}${value}`,
        );
        return `{${body.join(',')}${d}}`;
      });
    });
}
