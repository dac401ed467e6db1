import { type SubmitEvent, useState } from 'react';

interface InstantsProps {
  readonly ends: { readonly fromMs: number; readonly toMs: number };
  readonly onChoose: (ends: { fromMs: number; toMs: number }) => void;
  readonly onCancel: () => void;
}

/** Two instants to choose a range by. */
export function Instants({ ends, onChoose, onCancel }: InstantsProps) {
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
