export * from './dataset-folder-not-empty-error.js';
export * from './expected/expected-manifest.js';
export * from './expected/expected-results.js';
export * from './fast/access-log-chunks.js';
export * from './fast/metric-event-chunks.js';
export * from './fast/windowed-metrics-csv-chunks.js';
export * from './faults.js';
export * from './files/dataset-file.js';
export * from './fleet.js';
export * from './generate-dataset.js';
export * from './live-event-lines.js';
export { PRESET_NAMES, type PresetName } from './presets.js';
export * from './random.js';
export * from './records/format-java-double.js';
export * from './records/format-java-instant.js';
export * from './tasks/malformed-task-error.js';
export * from './tasks/parse-task.js';
export {
  TaskSchema,
  type MetricsStreamTask,
  type ServerAccessLogTask,
  type Task,
  type WindowedMetricsTask,
} from './tasks/task-schema.js';
export * from './write-dataset.js';
