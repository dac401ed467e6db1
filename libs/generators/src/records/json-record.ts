import { formatInstant } from '@pulselake/data-model';
import type { Random } from '../random.js';
import { BAD_TIMESTAMPS, LATIN_1_NAME, overlongText } from './bad-texts.js';
import type { BrokenLine, LineFault, RecordRoles } from './record-roles.js';

/** The fields of a JSON object in their order, each value as JSON text. */
export type JsonFields = readonly (readonly [name: string, literal: string])[];

/** Writes an object on one line, without spaces. */
export function renderJson(fields: JsonFields): string {
  return `{${fields.map(([name, literal]) => `"${name}":${literal}`).join(',')}}`;
}

export interface BreakJsonOptions {
  readonly fields: JsonFields;
  readonly roles: RecordRoles;
  readonly fault: LineFault;
  readonly random: Random;
}

/** Puts one fault into an object. */
export function breakJson({ fields, roles, fault, random }: BreakJsonOptions): BrokenLine {
  const withField = (name: string, literal: string): JsonFields =>
    fields.map((field) => (field[0] === name ? [name, literal] : field));
  const line = (name: string, literal: string): string => renderJson(withField(name, literal));
  const sound = renderJson(fields);
  const text = random.pick(roles.texts);
  const number = random.pick(roles.numbers);
  const time = random.pick(roles.times);
  switch (fault) {
    case 'malformed': {
      const lines = [
        line(number, 'NaN'),
        line(number, '-Infinity'),
        line(text, '"\\ud800"'),
        `[${sound}]`,
        `${sound}}`,
        `${sound.slice(0, -1)},}`,
        sound.replaceAll('"', "'"),
        '"a text, not an object"',
        'null',
        '42',
        '   ',
        '\u0000',
      ];
      return { line: random.pick(lines), reason: 'malformed' };
    }
    case 'tornLine':
      return { line: sound.slice(0, random.int(1, sound.length)).toWellFormed(), reason: 'malformed' };
    case 'wrongType': {
      const lines = [
        line(number, '"12.5"'),
        line(number, 'true'),
        line(number, '[1]'),
        line(text, '42'),
        line(text, 'false'),
        line(text, '{"name":"x"}'),
        // The time is bad too: a wrong type comes first.
        renderJson(withField(number, '"12.5"').map((field) => (field[0] === time ? [time, '"soon"'] : field))),
      ];
      return { line: random.pick(lines), reason: 'wrong-type' };
    }
    case 'missingField': {
      const name = random.pick([text, number, time]);
      const without = renderJson(fields.filter((field) => field[0] !== name));
      return { line: random.pick([line(name, 'null'), line(name, '""'), without]), reason: 'missing-field' };
    }
    case 'badTimestamp': {
      const literals = [
        ...BAD_TIMESTAMPS.map((bad) => JSON.stringify(bad)),
        '1709294400',
        '1709294400.5',
        'true',
        '{}',
      ];
      return { line: line(time, random.pick(literals)), reason: 'bad-timestamp' };
    }
    case 'notFinite':
      return { line: line(number, random.pick(['1e999', '-1e400', '2E+308'])), reason: 'not-finite' };
    case 'badEncoding':
      return { line: Buffer.from(line('componentName', `"${LATIN_1_NAME}"`), 'latin1'), reason: 'bad-encoding' };
    case 'tooLong':
      return { line: line(text, JSON.stringify(overlongText(text, random))), reason: 'too-long' };
    case 'minAboveMax':
      return {
        line: renderJson(
          withField('minValue', '12.5').map((field) => (field[0] === 'maxValue' ? ['maxValue', '12.25'] : field)),
        ),
        reason: 'min-above-max',
      };
    case 'emptyWindow': {
      const [from, to] = emptyWindow(random);
      return {
        line: renderJson(
          withField('fromTimestamp', `"${from}"`).map((field) =>
            field[0] === 'toTimestamp' ? ['toTimestamp', `"${to}"`] : field,
          ),
        ),
        reason: 'empty-window',
      };
    }
  }
}

/** The two ends of a window that holds no millisecond. */
export function emptyWindow(random: Random): readonly [from: string, to: string] {
  const instant = formatInstant(1_709_294_400_000 + random.int(0, 86_400_000));
  const second = instant.slice(0, 19);
  return random.pick([
    [instant, instant],
    [`${second}.9Z`, `${second}.1Z`],
    // Both are cut to the same millisecond.
    [`${second}.0001Z`, `${second}.0009999Z`],
  ] as const);
}
