import { endsOf, isMoving, navigate, QUICK_RANGES } from './address.js';
import { el } from './dom.js';

/** The choice of a range: quick ones that end now, and two instants. */
export function rangeBar() {
  const buttons = QUICK_RANGES.map(({ name, label, title }) =>
    el('button', { type: 'button', 'data-range': name, title, onclick: () => navigate({ range: name }) }, label),
  );
  const from = el('input', { type: 'datetime-local', step: 60 });
  const to = el('input', { type: 'datetime-local', step: 60 });
  const problem = el('p', { class: 'problem', role: 'alert' });
  const summary = el('summary', {}, 'Custom');
  const apply = (event) => {
    event.preventDefault();
    const [fromMs, toMs] = [Date.parse(`${from.value}Z`), Date.parse(`${to.value}Z`)];
    problem.textContent = fromMs < toMs ? '' : 'Choose a start before the end.';
    if (!(fromMs < toMs)) return;
    details.open = false;
    navigate({ range: { fromMs, toMs } });
  };
  const details = el(
    'details',
    { class: 'picker custom-range' },
    summary,
    el(
      'form',
      { class: 'picker-box', onsubmit: apply },
      el('label', {}, el('span', {}, 'From (UTC)'), from),
      el('label', {}, el('span', {}, 'To (UTC)'), to),
      problem,
      el('button', { type: 'submit', class: 'primary' }, 'Show'),
    ),
  );
  details.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    details.open = false;
    summary.focus();
  });
  const closeOutside = (event) => {
    if (!details.contains(event.target)) details.open = false;
  };
  details.addEventListener('toggle', () => {
    document[details.open ? 'addEventListener' : 'removeEventListener']('pointerdown', closeOutside);
  });
  return {
    element: el(
      'div',
      { class: 'range' },
      el('div', { class: 'segments', role: 'group', 'aria-label': 'Range' }, ...buttons, details),
    ),
    update(range) {
      for (const button of buttons) {
        button.setAttribute('aria-pressed', String(button.dataset.range === range));
      }
      const { fromMs, toMs } = endsOf(range);
      from.value = new Date(fromMs).toISOString().slice(0, 16);
      to.value = new Date(toMs).toISOString().slice(0, 16);
      details.classList.toggle('is-active', !isMoving(range));
      summary.textContent = isMoving(range) ? 'Custom' : `${shortInstant(fromMs)} – ${shortInstant(toMs)}`;
    },
  };
}

function shortInstant(epochMs) {
  return new Date(epochMs).toISOString().slice(0, 16).replace('T', ' ');
}
