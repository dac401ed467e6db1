export { runPulselake } from './cli/create-program.js';
export type { CommandIo, ExitCode } from './cli/context.js';
