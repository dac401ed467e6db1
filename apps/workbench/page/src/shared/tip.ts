/** A small table beside the pointer. Texts are texts, never markup: names from the data may hold anything. */
export function tipTable(title: string, heads: readonly string[], rows: readonly TipRow[]): HTMLElement {
  const table = element('table', '', [
    element(
      'tr',
      '',
      heads.map((text) => element('th', '', [text])),
    ),
    ...rows.map(({ swatch, cells }) =>
      element('tr', '', [
        element('td', '', [...(swatch === undefined ? [] : [element('span', `swatch ${swatch}`, [])]), cells[0] ?? '']),
        ...cells.slice(1).map((text) => element('td', '', [text])),
      ]),
    ),
  ]);
  return element('div', 'tip-box', [element('p', '', [title]), table]);
}

export interface TipRow {
  /** Classes of the mark before the first cell. */
  readonly swatch?: string;
  readonly cells: readonly string[];
}

function element(tag: string, className: string, children: readonly (Node | string)[]): HTMLElement {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}
