import type { Order } from '../shared/row-order.js';
import { useAddress } from './address.js';

/** How a table is shown. */
export interface TableState {
  readonly order: Order | undefined;
  readonly filter: string;
  readonly setOrder: (order: Order) => void;
  readonly setFilter: (filter: string) => void;
}

/**
 * What the address says of the table `id`: `sort=runs:read`, `sort=runs:-read` for descending, `filter=runs:a text`. A shared link
 * shows the same rows in the same order.
 */
export function useTableState(id: string, order?: Order): TableState {
  const [{ sort, filter }, navigate] = useAddress();
  const mark = `${id}:`;
  const own = (values: readonly string[]) => values.find((value) => value.startsWith(mark))?.slice(mark.length) ?? '';
  const withOwn = (values: readonly string[], text: string) => [
    ...values.filter((value) => !value.startsWith(mark)),
    ...(text === '' ? [] : [mark + text]),
  ];
  return {
    order: orderOf(own(sort)) ?? order,
    filter: own(filter),
    setOrder: ({ name, descending }) => navigate({ sort: withOwn(sort, `${descending ? '-' : ''}${name}`) }),
    // Each letter typed would else be a step of the browser's way back.
    setFilter: (text) => navigate({ filter: withOwn(filter, text) }, { replace: true }),
  };
}

function orderOf(text: string): Order | undefined {
  if (text === '') return undefined;
  return text.startsWith('-') ? { name: text.slice(1), descending: true } : { name: text, descending: false };
}
