import type { Row } from '../api/ask.js';
import { formatCount, textOf } from '../shared/format.js';

const PARTS = [
  { name: 'accepted', label: 'accepted' },
  { name: 'duplicate', label: 'duplicate' },
  { name: 'external', label: 'people’s' },
  { name: 'out_of_range', label: 'out of range' },
  { name: 'rejected', label: 'rejected' },
];

/** For each stage: how many records were read, and a bar of where they went. */
export function BalanceList({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <ul className="balances">
      {rows.map((row) => (
        <Balance key={textOf(row['stage'])} row={row} />
      ))}
    </ul>
  );
}

function Balance({ row }: { readonly row: Row }) {
  const unaccounted = Number(row['unaccounted']);
  const parts = PARTS.map((part) => ({ ...part, count: Number(row[part.name]) })).filter(
    ({ name, count }) => count > 0 || name === 'accepted',
  );
  return (
    <li>
      <div className="balance-head">
        <strong>{textOf(row['stage'])}</strong>
        <span>{formatCount(row['read'])} read</span>
        <span className={`badge ${unaccounted === 0 ? 'is-succeeded' : 'is-failed'}`}>
          {unaccounted === 0 ? 'balanced' : `${formatCount(unaccounted)} unaccounted for`}
        </span>
      </div>
      <div className="balance-bar" aria-hidden="true">
        {parts.map(({ name, count }) => (
          <span key={name} className={`part-${name}`} style={{ flexGrow: count }} />
        ))}
        {unaccounted > 0 && <span className="part-unaccounted" style={{ flexGrow: unaccounted }} />}
      </div>
      <p className="balance-parts">
        {parts.map(({ name, label, count }) => (
          <span key={name} className="legend-plain">
            <span className={`swatch is-square part-${name}`} />
            {formatCount(count)} {label}
          </span>
        ))}
      </p>
    </li>
  );
}
