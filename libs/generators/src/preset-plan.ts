import type { Faults } from './faults.js';
import type { Fleet, Incident } from './fleet.js';
import type { Random } from './random.js';

/** Everything that the files of a preset are made from. */
export interface PresetPlan {
  readonly fleet: Fleet;
  readonly faults: Faults;
  readonly random: Random;
  /** Start of the first day. */
  readonly startMs: number;
  /** The clock: nothing but faults is later. */
  readonly nowMs: number;
  /** The starts of the UTC days, first to today. */
  readonly days: readonly number[];
  readonly incident?: Incident | undefined;
  /** Distance between two events of one series. */
  readonly eventIntervalMs: number;
  /** Length of the CSV's windows. */
  readonly windowMs: number;
  /** Start of the first window, 0 or more ms after `startMs`. */
  readonly windowOffsetMs: number;
  /** Log lines on a whole day of the fleet. */
  readonly logLinesPerDay: number;
  /** Share of the texts that are written in an unusual, but valid way, 0–1. */
  readonly variety: number;
}
