import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { askExtent, askPanel, askVariable, type Extent, type PanelAnswer, type PanelRequest } from './ask.js';

/** The rows of a panel. While a changed question is on its way, the last answer stays. */
export function usePanel(request: PanelRequest, { enabled = true } = {}): UseQueryResult<PanelAnswer> {
  return useQuery({
    queryKey: ['panel', request],
    queryFn: ({ signal }) => askPanel(request, signal),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    enabled,
  });
}

/** The values that a variable can have. */
export function useVariable(
  request: Omit<PanelRequest, 'panel'> & { readonly name: string },
): UseQueryResult<string[]> {
  return useQuery({
    queryKey: ['variable', request],
    queryFn: ({ signal }) => askVariable(request, signal),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
}

/** The days of a dashboard's data. `version` changes when something new is in the lake. */
export function useExtent(uid: string, version: number): UseQueryResult<Extent> {
  return useQuery({
    queryKey: ['extent', uid, version],
    queryFn: ({ signal }) => askExtent(uid, signal),
    placeholderData: keepPreviousData,
  });
}
