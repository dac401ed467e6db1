import { type SubmitEvent, useState } from 'react';
import { endsOf, isMoving, type Navigate, QUICK_RANGES, type Range, REFRESH_CHOICES } from '../state/address.js';

interface RangeBarProps {
  readonly range: Range;
  readonly refresh: number;
  readonly nowMs: number;
  readonly navigate: Navigate;
}

/** The choice of a range: quick ones that end now, or two instants; the way back; how often it is asked anew. */
export function RangeBar({ range, refresh, nowMs, navigate }: RangeBarProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <div className="segments" role="group" aria-label="Range">
        {QUICK_RANGES.map(({ name, label, title }) => (
          <button
            key={name}
            type="button"
            title={title}
            aria-pressed={range === name}
            onClick={() => navigate({ range: name })}
          >
            {label}
          </button>
        ))}
        <div className={`picker custom-range ${isMoving(range) ? '' : 'is-active'}`}>
          <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isMoving(range) ? 'Custom' : `${short(range.fromMs)} – ${short(range.toMs)}`}
          </button>
          {isOpen && (
            <Instants
              key={JSON.stringify(range)}
              ends={endsOf(range, nowMs)}
              onCancel={() => setOpen(false)}
              onChoose={(chosen) => {
                setOpen(false);
                navigate({ range: chosen });
              }}
            />
          )}
        </div>
      </div>
      <button type="button" className="quiet" title="To what was shown before" onClick={() => window.history.back()}>
        ← Back
      </button>
      {isMoving(range) && (
        <label className="choice">
          <span>Refresh</span>
          <select value={refresh} onChange={(event) => navigate({ refresh: Number(event.target.value) })}>
            {REFRESH_CHOICES.map((seconds) => (
              <option key={seconds} value={seconds}>
                {seconds === 0 ? 'when new' : seconds < 60 ? `every ${seconds} s` : `every ${seconds / 60} min`}
              </option>
            ))}
          </select>
        </label>
      )}
    </>
  );
}

interface InstantsProps {
  readonly ends: { readonly fromMs: number; readonly toMs: number };
  readonly onChoose: (ends: { fromMs: number; toMs: number }) => void;
  readonly onCancel: () => void;
}

function Instants({ ends, onChoose, onCancel }: InstantsProps) {
  const [from, setFrom] = useState(field(ends.fromMs));
  const [to, setTo] = useState(field(ends.toMs));
  const [problem, setProblem] = useState('');
  const show = (event: SubmitEvent) => {
    event.preventDefault();
    const [fromMs, toMs] = [Date.parse(`${from}Z`), Date.parse(`${to}Z`)];
    if (fromMs < toMs) onChoose({ fromMs, toMs });
    else setProblem('Choose a start before the end.');
  };
  return (
    <form className="picker-box" onSubmit={show} onKeyDown={(event) => event.key === 'Escape' && onCancel()}>
      <label>
        <span>From (UTC)</span>
        <input
          type="datetime-local"
          step={60}
          value={from}
          autoFocus
          onChange={(event) => setFrom(event.target.value)}
        />
      </label>
      <label>
        <span>To (UTC)</span>
        <input type="datetime-local" step={60} value={to} onChange={(event) => setTo(event.target.value)} />
      </label>
      {problem !== '' && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" className="primary">
        Show
      </button>
    </form>
  );
}

const field = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 16);
const short = (epochMs: number) => field(epochMs).replace('T', ' ');
