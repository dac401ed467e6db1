import type { ContractColumn, ContractRecord, ContractSummary, ContractTable } from './contract-summary.js';
import { findSchemaBreaks } from './find-schema-breaks.js';

/**
 * What in `current` breaks those who rely on `released`: writers of its inputs, readers of its tables and records, files
 * that lie in lakes. Pure.
 *
 * New tables, nullable columns, optional fields, reasons and stages break nobody.
 *
 * @returns one sentence each; empty when the two are compatible
 */
export function findIncompatibilities(released: ContractSummary, current: ContractSummary): string[] {
  return [
    ...eachReleased(released.tables, current.tables, 'table', tableBreaks),
    ...eachReleased(released.views, current.views, 'view', (view, before, after) =>
      before.columns.flatMap(({ name, type }) => {
        const column = after.columns.find((other) => other.name === name);
        if (!column) return [`view ${view}: column ${name} was removed`];
        return column.type === type ? [] : [`view ${view}: column ${name} was ${type} and is ${column.type}`];
      }),
    ),
    ...eachReleased(released.records, current.records, 'record', recordBreaks),
    ...eachReleased(released.csv, current.csv, 'CSV', csvBreaks),
    ...orderBreaks('reject reason', released.rejectReasons, current.rejectReasons),
    ...missing('stage', released.stages, current.stages),
    ...eachReleased(released.windowSettings, current.windowSettings, 'window setting', (name, before, after) =>
      before === after ? [] : [`window setting ${name}: the default was ${before} and is ${after}`],
    ),
    ...eachReleased(released.limits, current.limits, 'limit', (name, before, after) =>
      after < before ? [`limit ${name}: was ${before} and is ${after}`] : [],
    ),
  ];
}

/** Reports what was removed and compares the rest. */
function eachReleased<T>(
  released: Readonly<Record<string, T>>,
  current: Readonly<Record<string, T>>,
  kind: string,
  compare: (name: string, before: T, after: T) => string[],
): string[] {
  return Object.entries(released).flatMap(([name, before]) => {
    const after = Object.hasOwn(current, name) ? current[name] : undefined;
    return after === undefined ? [`${kind} ${name} was removed`] : compare(name, before, after);
  });
}

function tableBreaks(table: string, before: ContractTable, after: ContractTable): string[] {
  const breaks: string[] = [];
  for (const property of ['prefix', 'format'] as const) {
    if (before[property] !== after[property]) {
      breaks.push(`table ${table}: ${property} was ${before[property]} and is ${after[property]}`);
    }
  }
  return [
    ...breaks,
    ...partitionBreaks(table, before, after),
    ...columnBreaks(`table ${table}`, before.columns, after.columns),
  ];
}

function partitionBreaks(table: string, before: ContractTable, after: ContractTable): string[] {
  const keys = ({ partitions }: ContractTable) =>
    partitions.map(({ name, values }) => `${name} (${values === 'day' ? 'day' : 'list'})`).join(', ');
  if (keys(before) !== keys(after)) {
    return [`table ${table}: partitioned by ${keys(before)} before and by ${keys(after)} now`];
  }
  return before.partitions.flatMap(({ name, values }, index) => {
    const now = after.partitions[index]?.values;
    if (values === 'day' || now === undefined || now === 'day') return [];
    return missing(`table ${table}: partition value ${name}`, values, now);
  });
}

function columnBreaks(at: string, before: readonly ContractColumn[], after: readonly ContractColumn[]): string[] {
  const removedOrChanged = before.flatMap((column) => {
    const now = after.find(({ name }) => name === column.name);
    const path = `${at}: column ${column.name}`;
    if (!now) return [`${path} was removed`];
    const breaks: string[] = [];
    if (now.type !== column.type) breaks.push(`${path} was ${column.type} and is ${now.type}`);
    if (now.field !== column.field) breaks.push(`${path} was ${column.field} in JSON and is ${now.field}`);
    if (now.nullable && !column.nullable) breaks.push(`${path} may be NULL now`);
    return [...breaks, ...columnBreaks(path, column.fields ?? [], now.fields ?? [])];
  });
  const added = after
    .filter(({ name, nullable }) => !nullable && !before.some((column) => column.name === name))
    .map(({ name }) => `${at}: new column ${name} must be nullable, since there are files without it`);
  return [...removedOrChanged, ...added];
}

function recordBreaks(record: string, before: ContractRecord, after: ContractRecord): string[] {
  if (before.direction !== after.direction) return [`record ${record}: was ${before.direction}, is ${after.direction}`];
  return findSchemaBreaks(before.schema, after.schema, { direction: before.direction, path: `record ${record}` });
}

function csvBreaks(
  csv: string,
  before: ContractSummary['csv'][string],
  after: ContractSummary['csv'][string],
): string[] {
  return [
    ...after.needed
      .filter((column) => !before.needed.includes(column))
      .map((column) => `CSV ${csv}: column ${column} is needed now`),
    ...missing(`CSV ${csv}: column`, [...before.needed, ...before.optional], [...after.needed, ...after.optional]),
  ];
}

function missing(kind: string, before: readonly string[], after: readonly string[]): string[] {
  return before.filter((value) => !after.includes(value)).map((value) => `${kind} ${value} was removed`);
}

/** Removed values, and a changed order of those that stayed. */
function orderBreaks(kind: string, before: readonly string[], after: readonly string[]): string[] {
  const stayed = before.filter((value) => after.includes(value));
  const now = after.filter((value) => before.includes(value));
  const removed = missing(kind, before, after);
  return stayed.join() === now.join() ? removed : [...removed, `${kind}s have another order of precedence`];
}
