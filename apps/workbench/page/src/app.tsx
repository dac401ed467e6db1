import { lazy, Suspense, useEffect, useRef } from 'react';
import { UIDS } from './api/dashboard-uids.js';
import { useDashboards } from './api/use-dashboards.js';
import { ErrorBoundary } from './shared/error-boundary.js';
import { LiveState } from './shared/live-state.js';
import { StateOfPanel } from './shared/state-of-panel.js';
import { isMoving, useAddress, VIEWS, type ViewName, writeAddress } from './state/address.js';
import { useLive } from './state/use-live.js';
import { useNow } from './state/use-now.js';
import { useRenewal } from './state/use-renewal.js';

/** Short, for the tabs. */
const NAMES: Readonly<Record<ViewName, string>> = {
  metrics: 'Metrics',
  traffic: 'Traffic',
  health: 'Health',
  sql: 'SQL',
};

const COMPONENTS = {
  metrics: lazy(() => import('./metrics/metrics-view.js').then(({ MetricsView }) => ({ default: MetricsView }))),
  traffic: lazy(() => import('./traffic/traffic-view.js').then(({ TrafficView }) => ({ default: TrafficView }))),
  health: lazy(() => import('./health/health-view.js').then(({ HealthView }) => ({ default: HealthView }))),
  sql: lazy(() => import('./sql/sql-view.js').then(({ SqlView }) => ({ default: SqlView }))),
};

/** Views whose question changes with the time of now. */
const ENDS_NOW: readonly ViewName[] = ['metrics', 'health'];

/** The page: the head with the views and the state of the live feed, and the view that the address names. */
export function App() {
  const [state, navigate] = useAddress();
  const { problems } = state;
  const live = useLive();
  const nowMs = useNow(live.version, state.refresh);
  useRenewal(live.version, isMoving(state.range) && ENDS_NOW.includes(state.view));
  const main = useRef<HTMLElement>(null);
  const View = COMPONENTS[state.view];
  const dashboards = useDashboards();
  const uid = state.view === 'sql' ? undefined : UIDS[state.view];
  const title = dashboards.data?.find((dashboard) => dashboard.uid === uid)?.title ?? NAMES[state.view];
  useEffect(() => {
    document.title = `${title} · Pulselake`;
  }, [title]);
  return (
    <>
      <a
        className="skip"
        href="#view"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the dashboard
      </a>
      <header className="top">
        <div className="brand">
          <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
            <path className="brand-line" d="M2 17h7l3-9 6 17 4-12 2 4h6" />
          </svg>
          <span>Pulselake</span>
        </div>
        <nav className="tabs" aria-label="Dashboards">
          {VIEWS.map((view) => (
            <a
              key={view}
              href={writeAddress({ ...state, view })}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                navigate({ view });
              }}
              aria-current={view === state.view ? 'page' : undefined}
            >
              {NAMES[view]}
            </a>
          ))}
        </nav>
        <LiveState live={live} />
      </header>
      <main id="view" ref={main} tabIndex={-1}>
        <h1 className="hidden">{title}</h1>
        {problems.length > 0 && (
          <p className="notice" role="status">
            The address says something that is not known. {problems.join(' ')}
          </p>
        )}
        <ErrorBoundary key={state.view}>
          <Suspense fallback={<p className="muted loading">Loading …</p>}>
            <StateOfPanel query={dashboards}>
              {() => <View state={state} nowMs={nowMs} version={live.version} navigate={navigate} />}
            </StateOfPanel>
          </Suspense>
        </ErrorBoundary>
      </main>
    </>
  );
}
