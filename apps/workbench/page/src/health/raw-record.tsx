import type { QueryValue } from '@pulselake/dashboards';
import { textOf } from '../shared/format.js';

/** A record as it came, cut to its cell. */
export function RawRecord({ raw }: { readonly raw: QueryValue | undefined }) {
  if (raw === null || raw === undefined) return <span className="muted">not kept</span>;
  return (
    <code className="raw" title={textOf(raw)}>
      {textOf(raw)}
    </code>
  );
}
