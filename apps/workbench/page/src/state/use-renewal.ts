import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/**
 * Takes answers as outdated when something new is in the lake (`version` counts up). What is shown is asked again, unless its
 * question changes anyway.
 */
export function useRenewal(version: number, isAskedAnyway: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (version === 0) return;
    const holdsRows = ({ queryKey: [kind] }: { readonly queryKey: readonly unknown[] }) => kind !== 'dashboards';
    void client.invalidateQueries({ predicate: holdsRows, refetchType: isAskedAnyway ? 'none' : 'active' });
    // Only something new makes answers old, not another range.
  }, [client, version]);
}
