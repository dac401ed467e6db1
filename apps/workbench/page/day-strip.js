import { el } from './dom.js';
import { formatCount, formatDay, formatShare } from './format.js';

const MAX_BARS = 31;
const HEIGHT = 44;

/** The latest days as bars, their failed calls at the foot; a click shows the day. */
export function dayStrip({ rows, shown, compared, onChoose }) {
  const days = rows.slice(-MAX_BARS);
  const most = Math.max(...days.map((row) => Number(row.total_requests)), 1);
  return el(
    'div',
    { class: 'card day-strip', role: 'group', 'aria-label': 'Calls per day' },
    ...days.map((row) => {
      const failed = el('span', { class: 'day-failed' });
      const bar = el('span', { class: 'day-bar' }, failed);
      bar.style.height = `${Math.max(3, (Number(row.total_requests) / most) * HEIGHT)}px`;
      failed.style.height = `${(row.failure_share ?? 0) * 100}%`;
      const text = `${formatDay(row.report_date)}: ${formatCount(row.total_requests)} requests, ${formatShare(row.failure_share)} failed`;
      return el(
        'button',
        {
          type: 'button',
          class: row.report_date === compared ? 'is-compared' : '',
          title: text,
          'aria-label': text,
          'aria-pressed': String(row.report_date === shown),
          onclick: () => onChoose(row.report_date),
        },
        bar,
        el('span', { class: 'day-name' }, row.report_date.slice(5)),
      );
    }),
  );
}
