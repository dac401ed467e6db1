import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { PanelAnswer } from '../api/ask.js';
import { usePanelDescription } from '../api/use-dashboards.js';
import { Card } from './card.js';
import { StateOfPanel } from './state-of-panel.js';

interface PanelCardProps {
  readonly uid: string;
  readonly panel: string;
  readonly query: UseQueryResult<PanelAnswer>;
  /** Small beside the title. */
  readonly note?: (answer: PanelAnswer) => ReactNode;
  readonly kind?: string | undefined;
  readonly height?: number | undefined;
  /** Why there are no rows, shown instead of `children` when there are none. */
  readonly empty?: ReactNode;
  readonly children: (answer: PanelAnswer, title: string) => ReactNode;
}

/** A panel in a box, called what its definition calls it: its rows, that it is loading, or why it shows nothing. */
export function PanelCard({ uid, panel, query, note, kind, height, empty, children }: PanelCardProps) {
  const { title = '', description } = usePanelDescription(uid, panel) ?? {};
  const isEmpty = Object.values(query.data?.queries ?? {}).every(({ rows }) => rows.length === 0);
  return (
    <Card title={title} description={description} note={query.data && note?.(query.data)} kind={kind}>
      <StateOfPanel query={query} height={height}>
        {(answer) => (isEmpty && empty !== undefined ? empty : children(answer, title))}
      </StateOfPanel>
    </Card>
  );
}
