export { runPulselake } from './cli/create-program.js';
export type { CommandIo, ExitCode } from './cli/context.js';
export { StreamWindows } from './pipelines/stream-windows.js';
