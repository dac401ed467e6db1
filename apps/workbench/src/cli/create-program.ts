import { Command, CommanderError } from 'commander';
import { QueryError } from '@pulselake/dashboards';
import { InputError, LakeBusyError, LakeError } from '@pulselake/lake';
import { type CommandIo, type ExitCode, type GlobalOptions, UsageError } from './context.js';
import { addCostCommand } from './cost-command.js';
import { addDeliverCommand } from './deliver-command.js';
import { addDoctorCommand } from './doctor-command.js';
import { printableLines } from './format.js';
import { addGenerateCommand } from './generate-command.js';
import { addIngestCommands } from './ingest-command.js';
import { addQueryCommands } from './query-commands.js';
import { addOpsCommands } from './ops-command.js';
import { addPushCommand } from './push-command.js';
import { commandRunner } from './run-command.js';
import { addRedriveCommand } from './redrive-command.js';
import { addServeCommands } from './serve-commands.js';
import { addUpkeepCommands } from './upkeep-commands.js';
import { addVerifyCommand } from './verify-command.js';

/** Runs the `pulselake` command. `args` are the words after its name. */
export async function runPulselake(args: readonly string[], io: CommandIo): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const options = program.opts<GlobalOptions>();
    if (options.debug) io.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
    else io.stderr.write(`${printableLines(explain(error))}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

function createProgram(io: CommandIo, onExit: (code: ExitCode) => void): Command {
  const program = new Command('pulselake')
    .description(
      'A monitoring data lake for microservices: metrics and access logs in, one SQL lake and dashboards out.',
    )
    .version('0.1.0')
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(printableLines(text)),
    });
  const run = commandRunner(io, onExit);
  addServeCommands(program, run);
  addGenerateCommand(program, run);
  addIngestCommands(program, run);
  addDeliverCommand(program, run);
  addQueryCommands(program, run);
  addVerifyCommand(program, run);
  addRedriveCommand(program, run);
  addUpkeepCommands(program, run);
  addDoctorCommand(program, run);
  addCostCommand(program, run);
  addPushCommand(program, run);
  addOpsCommands(program, run);
  addGlobalOptions(program);
  return program;
}

/** Options of every command, which may stand before or behind its name. */
function addGlobalOptions(command: Command): void {
  command
    .option('--lake <dir>', 'the folder of the lake (default: "./lake-data")')
    .option('--json', 'print one JSON document on standard output and nothing else')
    .option('--no-wait', 'fail instead of waiting for another command on the same lake')
    .option('--debug', 'show where an error came from');
  for (const child of command.commands) {
    child.copyInheritedSettings(command);
    addGlobalOptions(child);
  }
}

/** An error for people: what is wrong and what to do, without a stack. */
function explain(error: unknown): string {
  if (error instanceof InputError || error instanceof LakeError || error instanceof LakeBusyError) return error.message;
  if (error instanceof QueryError || error instanceof UsageError) return error.message;
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError') return 'Stopped.';
  const code = 'code' in error ? error.code : DISK_ERRORS.find(([text]) => error.message.includes(text))?.[1];
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return 'The disk is full. The lake is whole; make room and run the command again, which ends what was begun.';
  }
  if (code === 'EIO') {
    return `${error.message}. The disk cannot be read or written. The lake is whole; check the disk and run the command again, which ends what was begun.`;
  }
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return `${error.message}. The lake cannot be written; check its permissions, or name another with --lake DIR.`;
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return `${error.message}. A part of the path is not a folder; name another one.`;
  }
  if (error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'EADDRINUSE') return error.message;
  if (EXPECTED_ERRORS.has(error.name)) return error.message;
  return `${error.message} (This is a bug in pulselake; --debug shows where.)`;
}

/** How DuckDB, whose errors have no code, tells of the disk. */
const DISK_ERRORS: readonly (readonly [text: string, code: string])[] = [
  ['No space left on device', 'ENOSPC'],
  ['Disk quota exceeded', 'EDQUOT'],
  ['Input/output error', 'EIO'],
  ['Read-only file system', 'EROFS'],
];

/** Errors of the libraries that say all that a user needs. */
const EXPECTED_ERRORS = new Set([
  'MalformedTaskError',
  'DatasetFolderNotEmptyError',
  'CsvHeaderError',
  'KinesisError',
  'StreamNotFoundError',
  'KinesisThrottledError',
  'KinesisAccessDeniedError',
  'KinesisCredentialsError',
  'KinesisRequestError',
  'KinesisUnreachableError',
  'KinesisDeadlineError',
  'ControlError',
  'MissingError',
  'ControlAccessDeniedError',
  'ControlCredentialsError',
  'ControlThrottledError',
  'ControlRequestError',
  'ControlUnreachableError',
  'ControlDeadlineError',
]);
