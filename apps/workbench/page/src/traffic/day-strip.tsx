import type { Row } from '../api/ask.js';
import { formatCount, formatDay, formatShare, textOf } from '../shared/format.js';

const MAX_BARS = 31;
const HEIGHT = 44;

interface DayStripProps {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly shown: string;
  readonly compared: string;
  readonly onChoose: (day: string) => void;
}

/** The latest days as bars, their failed calls at the foot; a click shows the day. */
export function DayStrip({ title, rows, shown, compared, onChoose }: DayStripProps) {
  const days = rows.slice(-MAX_BARS);
  const most = Math.max(...days.map((row) => Number(row['total_requests'])), 1);
  return (
    <div className="card day-strip" role="group" aria-label={title}>
      {days.map((row) => {
        const day = textOf(row['report_date']);
        const requests = Number(row['total_requests']);
        const share = row['failure_share'] === null ? 0 : Number(row['failure_share']);
        const text = `${formatDay(day)}: ${formatCount(requests)} requests, ${formatShare(share)} failed`;
        return (
          <button
            key={day}
            type="button"
            className={day === compared ? 'is-compared' : ''}
            title={text}
            aria-label={`${day.slice(5)}: ${text}`}
            aria-pressed={day === shown}
            onClick={() => onChoose(day)}
          >
            <span className="day-bar" style={{ height: Math.max(3, (requests / most) * HEIGHT) }}>
              <span className="day-failed" style={{ height: `${share * 100}%` }} />
            </span>
            <span className="day-name">{day.slice(5)}</span>
          </button>
        );
      })}
    </div>
  );
}
