import type { Row } from '../api/ask.js';
import { formatCount, textOf } from '../shared/format.js';

/** Why records are rejected, in words. */
const REASONS: Readonly<Record<string, string>> = {
  'bad-encoding': 'not UTF-8',
  'too-long': 'longer than allowed',
  malformed: 'not in its format',
  'unparsed-line': 'a log line of no known shape',
  'missing-field': 'a required field is missing',
  'wrong-type': 'a field of another type',
  'bad-timestamp': 'a time that cannot be read',
  'not-finite': 'not a finite number',
  'min-above-max': 'minimum above maximum',
  'empty-window': 'ends before it starts',
  future: 'ahead of the clock',
  late: 'after its window was let go',
};

interface ReasonsListProps {
  readonly rows: readonly Row[];
  readonly chosen: readonly string[];
  readonly onChoose: (reasons: string[]) => void;
}

/** How many records were rejected for each reason; one may be chosen to see its examples. */
export function ReasonsList({ rows, chosen, onChoose }: ReasonsListProps) {
  const byReason = new Map<string, { records: number; stages: string[] }>();
  for (const row of rows) {
    const reason = textOf(row['reason']);
    const known = byReason.get(reason) ?? { records: 0, stages: [] };
    known.records += Number(row['records']);
    known.stages.push(textOf(row['stage']));
    byReason.set(reason, known);
  }
  const entries = [...byReason].sort(([, a], [, b]) => b.records - a.records);
  const most = Math.max(...entries.map(([, { records }]) => records), 1);
  return (
    <ul className="reasons">
      {entries.map(([reason, { records, stages }]) => {
        const isChosen = chosen.includes(reason);
        return (
          <li key={reason}>
            <button
              type="button"
              aria-pressed={isChosen}
              title={stages.join(', ')}
              onClick={() => onChoose(isChosen ? [] : [reason])}
            >
              <span className="reason-name">
                {reason}
                <small>{REASONS[reason] ?? ''}</small>
              </span>
              <span className="reason-track">
                <span className="reason-bar" style={{ width: `${Math.max(0.5, (records / most) * 100)}%` }} />
              </span>
              <span className="reason-count">{formatCount(records)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
