import type { Command } from 'commander';
import { CommandContext, type CommandIo, type ExitCode, type GlobalOptions } from './context.js';

/** Work of a command: its arguments in their order, and its own options. */
export type CommandWork = (
  context: CommandContext,
  args: readonly unknown[],
  options: Readonly<Record<string, unknown>>,
) => Promise<ExitCode>;

/** Makes a commander action of a command's work. */
export type Run = (work: CommandWork) => (this: Command, ...args: unknown[]) => Promise<void>;

/** Gives each command its context, and hands its exit code on. */
export function commandRunner(io: CommandIo, onExit: (code: ExitCode) => void): Run {
  return (work) =>
    async function (this: Command) {
      const names: string[] = [];
      let options: GlobalOptions = { lake: './lake-data', wait: true };
      for (const command of familyOf(this)) {
        names.push(command.name());
        const { lake, json, wait, debug } = command.opts<Partial<GlobalOptions>>();
        options = {
          lake: lake ?? options.lake,
          json: json ?? options.json ?? false,
          wait: options.wait && wait !== false,
          debug: debug ?? options.debug ?? false,
        };
      }
      const context = new CommandContext(io, options, names.join(' '));
      onExit(await work(context, this.processedArgs, this.opts()));
    };
}

/** A command with those it stands under, the outermost first. */
function familyOf(command: Command): Command[] {
  return command.parent ? [...familyOf(command.parent), command] : [command];
}
