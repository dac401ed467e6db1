import { lazy, Suspense, useState } from 'react';
import { endsOf, isMoving, type Navigate, QUICK_RANGES, type Range, REFRESH_CHOICES } from '../state/address.js';

const Instants = lazy(() => import('../range/instants.js').then((all) => ({ default: all.Instants })));

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
            <Suspense fallback={null}>
              <Instants
                key={JSON.stringify(range)}
                ends={endsOf(range, nowMs)}
                onCancel={() => setOpen(false)}
                onChoose={(chosen) => {
                  setOpen(false);
                  navigate({ range: chosen });
                }}
              />
            </Suspense>
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

const short = (epochMs: number) => new Date(epochMs).toISOString().slice(0, 16).replace('T', ' ');
