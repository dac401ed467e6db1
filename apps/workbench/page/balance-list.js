import { el } from './dom.js';
import { formatCount } from './format.js';

const PARTS = [
  { name: 'accepted', label: 'accepted' },
  { name: 'duplicate', label: 'duplicate' },
  { name: 'external', label: 'people’s' },
  { name: 'out_of_range', label: 'out of range' },
  { name: 'rejected', label: 'rejected' },
];

/** For each stage: how many records were read, and a bar of where they went. */
export function balanceList(rows) {
  return el('ul', { class: 'balances' }, ...rows.map(balanceOf));
}

function balanceOf(row) {
  const read = Number(row.read);
  const unaccounted = Number(row.unaccounted);
  const parts = PARTS.map((part) => ({ ...part, count: Number(row[part.name]) })).filter(
    ({ name, count }) => count > 0 || name === 'accepted',
  );
  const bar = el(
    'div',
    { class: 'balance-bar', 'aria-hidden': 'true' },
    ...parts.map(({ name, count }) => {
      const part = el('span', { class: `part-${name}` });
      part.style.flexGrow = String(count);
      return part;
    }),
    unaccounted > 0 ? unaccountedPart(unaccounted) : '',
  );
  return el(
    'li',
    {},
    el(
      'div',
      { class: 'balance-head' },
      el('strong', {}, row.stage),
      el('span', {}, `${formatCount(read)} read`),
      el(
        'span',
        { class: `badge ${unaccounted === 0 ? 'is-succeeded' : 'is-failed'}` },
        unaccounted === 0 ? 'balanced' : `${formatCount(unaccounted)} unaccounted for`,
      ),
    ),
    bar,
    el(
      'p',
      { class: 'balance-parts' },
      ...parts.map(({ name, label, count }) =>
        el(
          'span',
          { class: 'legend-plain' },
          el('span', { class: `swatch is-square part-${name}` }),
          `${formatCount(count)} ${label}`,
        ),
      ),
    ),
  );
}

function unaccountedPart(count) {
  const part = el('span', { class: 'part-unaccounted' });
  part.style.flexGrow = String(count);
  return part;
}
