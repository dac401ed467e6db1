import type { DashboardDescription, PanelDescription } from '@pulselake/dashboards';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { askDashboards } from './ask.js';

/** The definitions are part of the program: asked once. */
export function useDashboards(): UseQueryResult<DashboardDescription[]> {
  return useQuery({ queryKey: ['dashboards'], queryFn: ({ signal }) => askDashboards(signal) });
}

/** A dashboard's definition, once the definitions are here. */
export function useDashboard(uid: string): DashboardDescription | undefined {
  return useDashboards().data?.find((dashboard) => dashboard.uid === uid);
}

/** What a panel is called and what it shows. */
export function usePanelDescription(uid: string, id: string): PanelDescription | undefined {
  return useDashboard(uid)
    ?.rows.flatMap(({ panels }) => panels)
    .find((panel) => panel.id === id);
}
