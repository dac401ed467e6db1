import type { ReactNode } from 'react';

interface CardProps {
  readonly title: string;
  /** Small beside the title. */
  readonly note?: ReactNode;
  readonly description?: string | undefined;
  readonly kind?: string | undefined;
  /** Buttons at the right end of the head. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A titled box. */
export function Card({ title, note, description, kind = '', actions, children }: CardProps) {
  return (
    <section className={`card ${kind}`} aria-label={title}>
      <header className="card-head">
        <h2 title={description}>{title}</h2>
        {note !== undefined && note !== '' && <span className="card-note">{note}</span>}
        {actions !== undefined && <span className="card-actions">{actions}</span>}
      </header>
      {children}
    </section>
  );
}

export interface FigureItem {
  readonly label: string;
  readonly value: string;
  readonly note?: string | undefined;
  readonly tone?: '' | 'is-good' | 'is-bad' | 'is-notable';
  readonly noteTone?: string | undefined;
}

/** A row of figures. */
export function Figures({ items }: { readonly items: readonly FigureItem[] }) {
  return (
    <dl className="figures">
      {items.map(({ label, value, note, tone = '', noteTone }) => (
        <div key={label} className={`figure ${tone}`}>
          <dt>{label}</dt>
          <dd>
            {value}
            {note !== undefined && note !== '' && <small className={noteTone}>{note}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
