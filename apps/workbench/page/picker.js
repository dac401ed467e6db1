import { el } from './dom.js';

/**
 * A drop-down to choose some of many values, or none for all. Opens with Enter, closes with Escape.
 *
 * @param {{ label: string, onChange: (values: string[]) => void }} options
 */
export function picker({ label, onChange }) {
  let values = [];
  let chosen = [];
  const summary = el('summary', {});
  const search = el('input', {
    type: 'search',
    placeholder: `Find ${label.toLowerCase()}…`,
    'aria-label': `Find ${label}`,
    oninput: () => list(),
  });
  const options = el('div', { class: 'picker-list', role: 'group', 'aria-label': label });
  const clear = el('button', { type: 'button', class: 'quiet', onclick: () => choose([]) }, 'All');
  const details = el(
    'details',
    { class: 'picker', onkeydown: (event) => event.key === 'Escape' && close({ focus: true }) },
    summary,
    el('div', { class: 'picker-box' }, el('div', { class: 'picker-head' }, search, clear), options),
  );
  const closeOutside = (event) => {
    if (!details.contains(event.target)) close();
  };
  details.addEventListener('toggle', () => {
    document[details.open ? 'addEventListener' : 'removeEventListener']('pointerdown', closeOutside);
    if (details.open) {
      search.value = '';
      list();
      search.focus();
    }
  });
  const close = ({ focus = false } = {}) => {
    if (!details.open) return;
    details.open = false;
    if (focus) summary.focus();
  };
  const choose = (next) => {
    chosen = next;
    name();
    list();
    onChange(next);
  };
  const toggle = (value) =>
    choose(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value]);
  const name = () => {
    const text = chosen.length === 0 ? 'All' : chosen.length === 1 ? chosen[0] : `${chosen.length} chosen`;
    summary.replaceChildren(el('span', { class: 'picker-label' }, label), el('span', { class: 'picker-value' }, text));
    clear.disabled = chosen.length === 0;
  };
  const list = () => {
    const wanted = search.value.toLowerCase();
    // What is chosen stays in the list when the range no longer holds it, so that it can be let go.
    const all = [...values, ...chosen.filter((value) => !values.includes(value))];
    const found = all.filter((value) => value.toLowerCase().includes(wanted)).slice(0, 300);
    const focused = document.activeElement?.value;
    options.replaceChildren(
      ...found.map((value) => {
        const box = el('input', { type: 'checkbox', value, onchange: () => toggle(value) });
        box.checked = chosen.includes(value);
        return el('label', {}, box, el('span', {}, value));
      }),
      found.length === 0 ? el('p', { class: 'none' }, 'Nothing found.') : '',
    );
    if (options.contains(document.activeElement) || focused === undefined) return;
    [...options.querySelectorAll('input')].find((box) => box.value === focused && focused !== '')?.focus();
  };
  name();
  return {
    element: details,
    /** Shows what can be chosen and what is. */
    update({ values: nextValues, chosen: nextChosen }) {
      values = nextValues.map(String);
      chosen = nextChosen;
      name();
      if (details.open) list();
    },
  };
}
