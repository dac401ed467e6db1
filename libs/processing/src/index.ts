export {
  CsvHeaderError,
  MetricsCsvParser,
  type MetricsCsvKind,
  type MetricsCsvParserOptions,
} from './csv/metrics-csv-parser.js';
export {
  readWindowedRecord,
  WindowedJsonParser,
  type WindowedJsonParserOptions,
  type WindowedRecord,
} from './csv/windowed-json-parser.js';
export { newWindowedRow, type ParsedWindowedRow, type WindowedRowListener } from './csv/windowed-row-listener.js';
export { parseInstantBytes } from './bytes/parse-instant-bytes.js';
export { MetricEventParser, type MetricEventParserOptions } from './events/metric-event-parser.js';
export type { MetricEventListener, ParsedMetricEvent } from './events/metric-event-listener.js';
export { compareSeries, SeriesTable, type Series } from './events/series-table.js';
export {
  type HeaderListener,
  LineReader,
  type LineListener,
  type LineReaderOptions,
  type LineReaderState,
} from './lines/line-reader.js';
export type { RawRecord, RejectedLine, RejectedLineListener } from './lines/rejected-line.js';
export { AccessLogParser, type AccessLogParserOptions, type AccessLogTotals } from './logs/access-log-parser.js';
export { serviceOfLogFile } from './logs/service-of-log-file.js';
export { TrafficCounter, type PairCount } from './logs/traffic-counter.js';
export {
  WindowAggregator,
  type EventOutcome,
  type WindowAggregatorOptions,
  type WindowMode,
  type WindowResult,
} from './windows/window-aggregator.js';
export type { HeldWindowsState, WindowAggregatorState } from './windows/window-aggregator-state.js';
export { isDelivered, readDeliveredWindow, type DeliveredWindow } from './windows/delivered-window.js';
export { rejectedEvent } from './events/rejected-event.js';
