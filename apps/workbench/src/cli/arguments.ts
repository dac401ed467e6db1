import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseInstant, type WindowSettings, WindowSettingsSchema } from '@pulselake/data-model';

/** `--now INSTANT`, as milliseconds since the epoch. */
export function instantArgument(text: string): number {
  const instant = parseInstant(text);
  if (instant === undefined) throw new InvalidArgumentError('It must be an instant like 2024-02-29T12:00:00Z.');
  return instant;
}

/** A day like 2024-02-29. */
export function dayArgument(text: string): string {
  if (parseInstant(`${text}T00:00:00Z`) === undefined)
    throw new InvalidArgumentError('It must be a day like 2024-02-29.');
  return text;
}

/** A day, repeatable. */
export function daysArgument(text: string, days: readonly string[] = []): string[] {
  return [...days, dayArgument(text)];
}

export function portArgument(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('It must be a port from 0 to 65535; 0 takes any free one.');
  return port;
}

export function wholeNumber(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    return value;
  };
}

const SETTINGS = {
  windowSizeSeconds: ['--window-size-seconds <n>', 'length of a window', 1, 86_400],
  outOfOrdernessSeconds: [
    '--out-of-orderness-seconds <n>',
    'how far the watermark stays behind the highest event time',
    0,
    86_400,
  ],
  idleTimeoutSeconds: [
    '--idle-timeout-seconds <n>',
    'silence after which an input no longer holds the watermark back',
    1,
    86_400,
  ],
  allowedLatenessSeconds: ['--allowed-lateness-seconds <n>', 'how long a closed window still takes events', 0, 604_800],
  maxFutureSkewSeconds: ['--max-future-skew-seconds <n>', 'how far an event may be ahead of the clock', 0, 86_400],
} as const satisfies Record<keyof WindowSettings, readonly [string, string, number, number]>;

/** Adds the window settings and `--now` to a command. */
export function addWindowOptions(command: Command): Command {
  const defaults = WindowSettingsSchema.parse({});
  for (const [name, [flag, description, min, max]] of Object.entries(SETTINGS)) {
    command.addOption(
      new Option(flag, description).argParser(wholeNumber(min, max)).default(defaults[name as keyof WindowSettings]),
    );
  }
  return command.option(
    '--now <instant>',
    'the clock by which events are in the future (default: the wall clock)',
    instantArgument,
  );
}

/** The window settings among a command's options. */
export function windowSettings(options: Readonly<Record<string, unknown>>): WindowSettings {
  const names = Object.keys(SETTINGS) as (keyof WindowSettings)[];
  return WindowSettingsSchema.parse(Object.fromEntries(names.map((name) => [name, options[name]])));
}
