export { flinkProgram, runFlink } from './flink-program.js';
export type { FlinkIo } from './flink-io.js';
