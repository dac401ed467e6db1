import { UIDS } from '../api/dashboard-uids.js';
import { useVariable } from '../api/use-panel.js';
import { WhyEmpty } from '../shared/why-empty.js';
import { rangeOfDays } from '../state/address.js';
import type { ViewProps } from '../view-props.js';

interface NothingMeasuredProps extends Omit<ViewProps, 'state'> {
  readonly day: string;
}

/** Why the chosen service measured nothing on a day; the way out leads to the metrics. */
export function NothingMeasured({ day, navigate, ...view }: NothingMeasuredProps) {
  const ends = rangeOfDays(day, day);
  const components = useVariable({ uid: UIDS.metrics, name: 'component', ...ends });
  const show = (range: typeof ends) => navigate({ view: 'metrics', range, component: [], metric: [], unit: [] });
  return (
    <WhyEmpty
      {...view}
      uid={UIDS.metrics}
      what="metrics"
      hint="Ingest metrics or events and they appear here."
      ends={ends}
      navigate={navigate}
      onShowAll={(components.data?.length ?? 0) > 0 ? () => show(ends) : undefined}
      onShowDays={(firstDay, lastDay) => show(rangeOfDays(firstDay, lastDay))}
      isSmall
    />
  );
}
