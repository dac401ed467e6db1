import { METRIC_EVENT_CSV_COLUMNS, METRIC_EVENT_CSV_OPTIONAL_COLUMNS } from '@pulselake/data-model';
import type { TimedEvent } from '../expected/expected-results.js';
import type { Random } from '../random.js';
import { breakCsv, csvCell, renderCsvRow, type CsvCells } from '../records/csv-record.js';
import { breakJson, renderJson, type JsonFields } from '../records/json-record.js';
import { EVENT_ROLES } from '../records/record-roles.js';
import { instantText, numberText } from '../records/text-variety.js';
import type { EventFormat } from './event-lines.js';

/** The header of generated plain-event CSV. */
export const EVENT_CSV_COLUMNS: readonly string[] = [...METRIC_EVENT_CSV_COLUMNS, ...METRIC_EVENT_CSV_OPTIONAL_COLUMNS];

/**
 * Events as JSON in the training's order of keys.
 *
 * @param variety share of the lines with another order, unknown fields or unusual texts, 0–1
 */
export function eventJsonFormat(variety: number): EventFormat {
  const fieldsOf = (event: TimedEvent, random: Random): JsonFields => {
    const { componentName, metricName, unit, value, timeMs, eventId } = event;
    const texts = { share: variety, random };
    const fields: (readonly [string, string])[] = [
      ['metricName', jsonText(metricName, random, variety)],
      ['componentName', jsonText(componentName, random, variety)],
      ['publicationTimestamp', `"${instantText(timeMs, texts)}"`],
      ['value', numberText(value, texts)],
      ['unit', jsonText(unit, random, variety)],
    ];
    if (eventId !== undefined) fields.push(['eventId', `"${eventId}"`]);
    else if (random.chance(variety)) fields.push(['eventId', random.pick(['null', '""'])]);
    if (random.chance(variety)) fields.push(['host', '{"zone":"b","rack":[1,2]}']);
    if (random.chance(variety)) fields.reverse();
    return fields;
  };
  return {
    render: (event, random) => renderJson(fieldsOf(event, random)),
    break: (event, fault, random) => breakJson({ fields: fieldsOf(event, random), roles: EVENT_ROLES, fault, random }),
  };
}

/**
 * Events as rows of CSV under `EVENT_CSV_COLUMNS`.
 *
 * @param variety share of the cells that are quoted without need, 0–1
 */
export function eventCsvFormat(variety: number): EventFormat {
  const cellsOf = (event: TimedEvent, random: Random): CsvCells => {
    const { componentName, metricName, unit, value, timeMs, eventId } = event;
    const texts = { share: variety, random };
    return {
      componentName: csvCell(componentName, random.chance(variety)),
      metricName: csvCell(metricName, random.chance(variety)),
      unit: csvCell(unit, random.chance(variety)),
      value: csvCell(numberText(value, texts), random.chance(variety)),
      publicationTimestamp: instantText(timeMs, texts),
      eventId: eventId ?? '',
    };
  };
  return {
    render: (event, random) => renderCsvRow(EVENT_CSV_COLUMNS, cellsOf(event, random)),
    break: (event, fault, random) =>
      breakCsv({ columns: EVENT_CSV_COLUMNS, cells: cellsOf(event, random), roles: EVENT_ROLES, fault, random }),
  };
}

function jsonText(text: string, random: Random, variety: number): string {
  const plain = JSON.stringify(text);
  if (!random.chance(variety)) return plain;
  const code = text.charCodeAt(0).toString(16).padStart(4, '0');
  return `"\\u${code}${plain.slice(2)}`;
}
