import { lazy, Suspense } from 'react';
import type { EmptySearch } from '../empty/empty-reasons.js';

const EmptyReasons = lazy(() => import('../empty/empty-reasons.js').then((all) => ({ default: all.EmptyReasons })));

/** Why nothing is shown. Loaded when something is empty: the first view has data. */
export function WhyEmpty(search: EmptySearch) {
  return (
    <Suspense fallback={null}>
      <EmptyReasons {...search} />
    </Suspense>
  );
}
