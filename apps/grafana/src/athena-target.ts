import { ConnectionArgsBuilder, DataqueryBuilder, FormatOptions } from '@grafana/grafana-foundation-sdk/athena';
import { DATA_SOURCE } from './connection.js';

/** Names that Grafana's plugin replaces by what the data source says. */
const connectionArgs = () =>
  new ConnectionArgsBuilder()
    .region('__default')
    .catalog('__default')
    .database('__default')
    .resultReuseEnabled(false)
    .resultReuseMaxAgeInMinutes(60);

/** A query of the Athena plugin. A table always: its time series format refuses rows that are not sorted by time. */
export function athenaTarget(refId: string, sql: string): DataqueryBuilder {
  return new DataqueryBuilder()
    .refId(refId)
    .datasource(DATA_SOURCE)
    .format(FormatOptions.Table)
    .rawSQL(sql)
    .connectionArgs(connectionArgs());
}
