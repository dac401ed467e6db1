import type { Dashboard, Panel } from './dashboard.js';
import { HEALTH_DASHBOARD } from './health-dashboard.js';
import { METRICS_DASHBOARD } from './metrics-dashboard.js';
import { TRAFFIC_DASHBOARD } from './traffic-dashboard.js';

/** Every dashboard, in the order they are offered. */
export const DASHBOARDS: readonly Dashboard[] = [METRICS_DASHBOARD, TRAFFIC_DASHBOARD, HEALTH_DASHBOARD];

/** The dashboard with this `uid`, or `undefined`. */
export function findDashboard(uid: string): Dashboard | undefined {
  return DASHBOARDS.find((dashboard) => dashboard.uid === uid);
}

/** The panel of `dashboard` with this `id`, or `undefined`. */
export function findPanel(dashboard: Dashboard, id: string): Panel | undefined {
  return dashboard.rows.flatMap((row) => row.panels).find((panel) => panel.id === id);
}
