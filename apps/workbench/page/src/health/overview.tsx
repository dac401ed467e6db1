import type { PanelAnswer } from '../api/ask.js';
import { type FigureItem, Figures } from '../shared/card.js';
import { formatCount } from '../shared/format.js';

const SHOWN = ['runs', 'read', 'rejected', 'late', 'windows_corrected', 'unaccounted'];

/** Sums over the runs of the range, and whether the books balance. */
export function Overview({ queries }: { readonly queries: PanelAnswer['queries'] }) {
  const columns = [...queries['runs']!.columns, ...queries['late']!.columns];
  const row = { ...queries['runs']!.rows[0], ...queries['late']!.rows[0] };
  const failed = Number(row['failed_runs']);
  const isBalanced = Number(row['unaccounted']) === 0;
  const items: Readonly<Record<string, Partial<FigureItem>>> = {
    runs: {
      note: failed > 0 ? `${formatCount(failed)} failed` : 'none failed',
      noteTone: failed > 0 ? 'bad-text' : '',
    },
    rejected: { tone: Number(row['rejected']) > 0 ? 'is-notable' : '' },
    late: { note: 'kept for redrive' },
    unaccounted: {
      note: isBalanced ? 'the books balance' : 'run pulselake verify',
      tone: isBalanced ? 'is-good' : 'is-bad',
    },
  };
  return (
    <Figures
      items={SHOWN.map((name) => ({
        label: columns.find((column) => column.name === name)!.title,
        value: formatCount(row[name]),
        ...items[name],
      }))}
    />
  );
}
