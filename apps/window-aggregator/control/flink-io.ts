import type { JobIo } from '@pulselake/job-control';

/** The process around the command, so that tests can run it without one. A Ctrl-C ends the waiting; AWS goes on. */
export interface FlinkIo extends Omit<JobIo, 'leave' | 'newToken'> {
  /** Builds the jar in the project's folder. @returns Maven's exit code */
  readonly buildJar: (home: string) => Promise<number>;
}
