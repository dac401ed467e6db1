import type { Random } from '../random.js';
import { BAD_TIMESTAMPS, LATIN_1_NAME, overlongText } from './bad-texts.js';
import { emptyWindow } from './json-record.js';
import type { BrokenLine, LineFault, RecordRoles } from './record-roles.js';

/** The cells of a row by column, as they stand in the file. */
export type CsvCells = Readonly<Record<string, string>>;

/** Writes a text as a cell; quoted where a reader would else split or unquote it. */
export function csvCell(text: string, quote = false): string {
  return quote || text.includes(',') || text.startsWith('"') ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Writes a row in the order of the columns; an absent cell is empty. */
export function renderCsvRow(columns: readonly string[], cells: CsvCells): string {
  return columns.map((column) => cells[column] ?? '').join(',');
}

export interface BreakCsvOptions {
  readonly columns: readonly string[];
  readonly cells: CsvCells;
  readonly roles: RecordRoles;
  readonly fault: LineFault;
  readonly random: Random;
}

/** Puts one fault into a row. */
export function breakCsv({ columns, cells, roles, fault, random }: BreakCsvOptions): BrokenLine {
  const row = (changes: CsvCells): string => renderCsvRow(columns, { ...cells, ...changes });
  const sound = row({});
  const text = random.pick(roles.texts);
  const number = random.pick(roles.numbers);
  const time = random.pick(roles.times);
  switch (fault) {
    case 'malformed': {
      const lines = [
        `${sound},one,too,many`,
        sound.slice(0, sound.lastIndexOf(',')),
        row({ [text]: '"unclosed' }),
        row({ [text]: '"closed"too early' }),
        // Fields that cannot be told apart go before a name that is too long.
        `${row({ [text]: 'x'.repeat(200) })},extra`,
        'no comma at all',
      ];
      return { line: random.pick(lines), reason: 'malformed' };
    }
    case 'tornLine':
      return { line: sound.slice(0, random.int(1, sound.lastIndexOf(',') + 1)).toWellFormed(), reason: 'malformed' };
    case 'wrongType': {
      const rows = ['n/a', '0x10', ' 5.0', '5.0 ', '"1,5"', '1_000', '--1', '.', '5e', 'nan', 'inf', '١٢'].map((cell) =>
        row({ [number]: cell }),
      );
      rows.push(row({ [number]: 'abc', [time]: 'soon' }));
      if (columns.includes('sampleCount')) {
        for (const count of ['0', '-3', '1.5', '9007199254740993', 'many']) rows.push(row({ sampleCount: count }));
      }
      return { line: random.pick(rows), reason: 'wrong-type' };
    }
    case 'missingField':
      return { line: row({ [random.pick([text, number, time])]: random.pick(['', '""']) }), reason: 'missing-field' };
    case 'badTimestamp':
      return { line: row({ [time]: random.pick(BAD_TIMESTAMPS) }), reason: 'bad-timestamp' };
    case 'notFinite': {
      const cell = random.pick(['NaN', 'Infinity', '+Infinity', '-Infinity', '1e400', '-2E+308']);
      return { line: row({ [number]: cell }), reason: 'not-finite' };
    }
    case 'badEncoding':
      return { line: Buffer.from(row({ componentName: LATIN_1_NAME }), 'latin1'), reason: 'bad-encoding' };
    case 'tooLong':
      return { line: row({ [text]: overlongText(text, random) }), reason: 'too-long' };
    case 'minAboveMax':
      return { line: row({ minValue: '12.5', maxValue: '12.25' }), reason: 'min-above-max' };
    case 'emptyWindow': {
      const [fromTimestamp, toTimestamp] = emptyWindow(random);
      return { line: row({ fromTimestamp, toTimestamp }), reason: 'empty-window' };
    }
  }
}
