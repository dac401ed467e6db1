import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiError } from '../api/ask.js';

interface StateOfPanelProps<T> {
  readonly query: UseQueryResult<T>;
  /** Pixels that are kept free while nothing is there. */
  readonly height?: number | undefined;
  readonly children: (data: T) => ReactNode;
}

/** What a panel shows: its data, that it is loading, or why it cannot. An error leaves the last data in place. */
export function StateOfPanel<T>({ query, height = 60, children }: StateOfPanelProps<T>) {
  const { data, error, isPending, isFetching, refetch } = query;
  return (
    <div className={isFetching ? 'is-loading' : ''} aria-busy={isFetching}>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data !== undefined
        ? children(data)
        : isPending && (
            <p className="muted loading" style={{ minHeight: height }}>
              Loading …
            </p>
          )}
    </div>
  );
}

function Failure({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const isTooMuch = error instanceof ApiError && error.status === 422;
  return (
    <div className={`notice ${isTooMuch ? '' : 'is-error'}`} role="alert">
      <p>{error.message}</p>
      {!isTooMuch && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
