import { el } from './dom.js';
import { formatCell, isNumeric, plural } from './format.js';

const FIRST_ROWS = 100;

/** How each table was sorted and scrolled, by its caption: fresh rows shall not throw the reader back. */
const kept = new Map();

/**
 * A table that can be sorted by any column.
 *
 * @param {{ caption: string, columns: { name: string, title: string, unit: unknown, render?: (row: object) => Node | string, wraps?: boolean }[],
 *   rows: object[], sort?: { name: string, descending: boolean }, empty?: string, rowClass?: (row: object) => string }} options
 */
export function sortableTable({ caption, columns, rows, sort, empty = 'Nothing to show.', rowClass }) {
  const memory = kept.get(caption) ?? { order: sort, shown: FIRST_ROWS, top: 0, left: 0 };
  kept.set(caption, memory);
  const head = el('tr');
  const body = el('tbody');
  const more = el('button', { class: 'quiet', type: 'button', onclick: () => draw({ all: true }) });
  const draw = ({ all = false } = {}) => {
    if (all) memory.shown = Infinity;
    const { order, shown } = memory;
    head.replaceChildren(...columns.map((column) => heading(column, order, sortBy)));
    const sorted = order ? [...rows].sort(comparison(order, columns)) : rows;
    body.replaceChildren(...sorted.slice(0, shown).map((row) => rowOf(row, columns, rowClass)));
    if (rows.length === 0) body.append(el('tr', {}, el('td', { class: 'none', colspan: columns.length }, empty)));
    more.textContent = `Show all ${plural(rows.length, 'row')}`;
    more.hidden = rows.length <= shown;
  };
  const sortBy = (column) => {
    const { order } = memory;
    const descending = order?.name === column.name ? !order.descending : isNumeric(column.unit);
    memory.order = { name: column.name, descending };
    const focused = document.activeElement?.textContent;
    draw();
    [...head.querySelectorAll('button')].find((button) => button.textContent === focused)?.focus();
  };
  draw();
  const box = el(
    'div',
    {
      class: 'table-box',
      tabindex: 0,
      role: 'region',
      'aria-label': caption,
      onscroll: () => Object.assign(memory, { top: box.scrollTop, left: box.scrollLeft }),
    },
    el('table', {}, el('caption', { class: 'hidden' }, caption), el('thead', {}, head), body),
    more,
  );
  // A box has no place to scroll to before it is in the page.
  const { top, left } = memory;
  if (top > 0 || left > 0) window.requestAnimationFrame(() => box.scrollTo(left, top));
  return box;
}

function heading(column, order, sortBy) {
  const isSorted = order?.name === column.name;
  const direction = order?.descending ? 'descending' : 'ascending';
  return el(
    'th',
    { scope: 'col', class: isNumeric(column.unit) ? 'number' : '', 'aria-sort': isSorted ? direction : null },
    el('button', { type: 'button', onclick: () => sortBy(column) }, column.title),
  );
}

function rowOf(row, columns, rowClass) {
  return el('tr', { class: rowClass?.(row) }, ...columns.map((column) => cellOf(row, column)));
}

function cellOf(row, { name, unit, render, wraps }) {
  if (render) return el('td', { class: isNumeric(unit) ? 'number' : '' }, render(row));
  const text = formatCell(row[name], unit);
  if (isNumeric(unit)) return el('td', { class: 'number' }, text);
  if (unit === 'instant' || unit === 'day') return el('td', { class: 'instant' }, text);
  return wraps ? el('td', {}, text) : el('td', { class: 'name', title: text }, text);
}

/** Rows without a value come last, whichever way it is sorted. */
function comparison({ name, descending }, columns) {
  const numeric = isNumeric(columns.find((column) => column.name === name)?.unit);
  return (one, other) => {
    const [a, b] = [one[name] ?? null, other[name] ?? null];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const compared = numeric ? Number(a) - Number(b) : String(a).localeCompare(String(b));
    return descending ? -compared : compared;
  };
}
