import { askExtent } from './api.js';
import { navigate, rangeOfDays } from './address.js';
import { el } from './dom.js';
import { formatDay, formatDayAndTime } from './format.js';

/**
 * Says why nothing is shown and offers the way out: the filters let go, or the range of the data.
 *
 * @param {{ uid: string, what: string, hint: string, ends: { fromMs: number, toMs: number }, filters?: object, signal: AbortSignal }} options
 *   `filters` the changes that let the filters go, when they are why nothing is found
 */
export async function emptyNotice({ uid, what, hint, ends, filters, signal }) {
  const between = `between ${formatDayAndTime(ends.fromMs)} and ${formatDayAndTime(ends.toMs)} UTC`;
  if (filters) {
    return notice(
      `No ${what} match the filters`,
      `There are ${what} ${between}, but none of what is chosen above.`,
      el('button', { type: 'button', class: 'primary', onclick: () => navigate(filters) }, 'Show all'),
    );
  }
  const { firstDay, lastDay } = await askExtent(uid, signal);
  if (!firstDay) return notice(`No ${what} yet`, `Nothing is in the lake. ${hint}`);
  const days = firstDay === lastDay ? formatDay(firstDay) : `${formatDay(firstDay)} – ${formatDay(lastDay)}`;
  return notice(
    `No ${what} in this range`,
    `There are none ${between}. The lake holds ${days}.`,
    el(
      'button',
      { type: 'button', class: 'primary', onclick: () => navigate({ range: rangeOfDays(firstDay, lastDay) }) },
      'Show the range of the data',
    ),
  );
}

function notice(title, text, ...actions) {
  return el('div', { class: 'empty' }, el('h2', {}, title), el('p', {}, text), ...actions);
}
