import { WINDOWED_METRIC_CSV_COLUMNS, WINDOWED_METRIC_CSV_OPTIONAL_COLUMNS } from '@pulselake/data-model';
import type { Random } from '../random.js';
import { breakCsv, csvCell, renderCsvRow, type CsvCells } from '../records/csv-record.js';
import { breakJson, renderJson, type JsonFields } from '../records/json-record.js';
import { WINDOW_ROLES } from '../records/record-roles.js';
import { instantText, numberText } from '../records/text-variety.js';
import type { NamedWindow, WindowFormat } from './window-lines.js';

/** The training's header. */
export const WINDOW_CSV_COLUMNS: readonly string[] = WINDOWED_METRIC_CSV_COLUMNS;

/** A header in another order, with the optional columns and one that nobody knows. */
export const WIDE_WINDOW_CSV_COLUMNS: readonly string[] = [
  'host',
  'metricName',
  'componentName',
  ...WINDOWED_METRIC_CSV_OPTIONAL_COLUMNS,
  'minValue',
  'maxValue',
  'fromTimestamp',
  'toTimestamp',
  'unit',
];

/**
 * Windows as rows of CSV.
 *
 * @param variety share of the cells in an unusual form, 0–1
 */
export function windowCsvFormat(columns: readonly string[], variety: number): WindowFormat {
  const cellsOf = (window: NamedWindow, random: Random): CsvCells => {
    const texts = { share: variety, random };
    const { sumValue, sampleCount } = window;
    return {
      host: 'node-7',
      componentName: csvCell(window.componentName, random.chance(variety)),
      metricName: csvCell(window.metricName, random.chance(variety)),
      unit: csvCell(window.unit, random.chance(variety)),
      minValue: csvCell(numberText(window.minValue, texts), random.chance(variety)),
      maxValue: numberText(window.maxValue, texts),
      fromTimestamp: instantText(window.fromMs, texts),
      toTimestamp: csvCell(instantText(window.toMs, texts), random.chance(variety)),
      sumValue: sumValue === undefined ? '' : numberText(sumValue, texts),
      sampleCount: sampleCount === undefined ? '' : numberText(sampleCount, texts),
    };
  };
  return {
    render: (window, random) => renderCsvRow(columns, cellsOf(window, random)),
    break: (window, fault, random) =>
      breakCsv({ columns, cells: cellsOf(window, random), roles: WINDOW_ROLES, fault, random }),
  };
}

/**
 * Windows as lines of JSON.
 *
 * @param variety share of the lines in an unusual form, 0–1
 */
export function windowJsonFormat(variety: number): WindowFormat {
  const fieldsOf = (window: NamedWindow, random: Random): JsonFields => {
    const texts = { share: variety, random };
    const { sumValue, sampleCount } = window;
    const fields: (readonly [string, string])[] = [
      ['componentName', JSON.stringify(window.componentName)],
      ['metricName', JSON.stringify(window.metricName)],
      ['unit', JSON.stringify(window.unit)],
      ['minValue', numberText(window.minValue, texts)],
      ['maxValue', numberText(window.maxValue, texts)],
      ['fromTimestamp', `"${instantText(window.fromMs, texts)}"`],
      ['toTimestamp', `"${instantText(window.toMs, texts)}"`],
    ];
    if (sumValue !== undefined) fields.push(['sumValue', numberText(sumValue, texts)]);
    else if (random.chance(variety)) fields.push(['sumValue', 'null']);
    if (sampleCount !== undefined) fields.push(['sampleCount', numberText(sampleCount, texts)]);
    if (random.chance(variety)) fields.push(['host', '"node-7"']);
    return fields;
  };
  return {
    render: (window, random) => renderJson(fieldsOf(window, random)),
    break: (window, fault, random) =>
      breakJson({ fields: fieldsOf(window, random), roles: WINDOW_ROLES, fault, random }),
  };
}
