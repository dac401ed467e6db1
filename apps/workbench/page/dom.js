const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes an element. Children that are texts become text nodes, never markup: names from the data may hold anything.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} [attributes] `class`, any attribute, or `onclick` and the like with a function
 * @param {...(Node | string | number | null | undefined | false)} children
 */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Makes an SVG element. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A titled box. `note` stands small beside the title. */
export function card({ title, note, description, kind = '' }, ...children) {
  return el(
    'section',
    { class: `card ${kind}`, 'aria-label': title },
    el(
      'header',
      { class: 'card-head' },
      el('h2', { title: description }, title),
      note ? el('span', { class: 'card-note' }, note) : null,
    ),
    ...children,
  );
}

/** A row of figures: `[{ label, value, note?, tone?, noteTone? }]`. */
export function figures(items) {
  return el(
    'dl',
    { class: 'figures' },
    ...items.map(({ label, value, note, tone = '', noteTone }) =>
      el(
        'div',
        { class: `figure ${tone}` },
        el('dt', {}, label),
        el('dd', {}, value, note ? el('small', { class: noteTone }, note) : null),
      ),
    ),
  );
}
