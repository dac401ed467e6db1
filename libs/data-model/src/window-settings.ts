import { z } from 'zod';

/** The settings of event-time windows: the same names and defaults in every engine. All in whole seconds. */
export const WindowSettingsSchema = z.strictObject({
  /** Length of a tumbling window, aligned to the epoch. 1 to 86,400; default 300. */
  windowSizeSeconds: z.int().min(1).max(86_400).default(300),
  /** How far the watermark stays behind the highest event time seen. 0 to 86,400; default 30. */
  outOfOrdernessSeconds: z.int().min(0).max(86_400).default(30),
  /** After this silence an input no longer holds the watermark back. 1 to 86,400; default 60. */
  idleTimeoutSeconds: z.int().min(1).max(86_400).default(60),
  /** How long, in watermark time, a closed window still takes events and is written again. 0 to 604,800; default 600. */
  allowedLatenessSeconds: z.int().min(0).max(604_800).default(600),
  /** An event further ahead of the clock than this is rejected as `future`. 0 to 86,400; default 300. */
  maxFutureSkewSeconds: z.int().min(0).max(86_400).default(300),
});

/** The settings of event-time windows, in whole seconds; {@link WindowSettingsSchema} has their ranges and defaults. */
export type WindowSettings = z.infer<typeof WindowSettingsSchema>;

/** Every setting at its default. */
export const DEFAULT_WINDOW_SETTINGS: WindowSettings = Object.freeze(WindowSettingsSchema.parse({}));
