import { UsageError } from '@pulselake/job-control';

/** Names that are set otherwise. */
const TAKEN = new Set(['--client-token', '--scriptLocation', '--extra-py-files', '--additional-python-modules']);

/**
 * `--name value --name value …` as Glue takes arguments. Pure.
 *
 * @throws UsageError when they are no such pairs
 */
export function jobArguments(words: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (let i = 0; i < words.length; i += 2) {
    const [name, value] = words.slice(i, i + 2);
    if (name === undefined || !/^--[A-Za-z][A-Za-z0-9_-]*$/.test(name)) {
      throw new UsageError(`After -- come arguments of the job in pairs, --name value; ${name ?? ''} is no name.`);
    }
    if (value === undefined) throw new UsageError(`The argument ${name} of the job has no value. Glue wants one.`);
    if (TAKEN.has(name))
      throw new UsageError(`${name} is no argument to give: the deployment, or this command, sets it.`);
    if (name in found) throw new UsageError(`The argument ${name} of the job is given twice; Glue takes one value.`);
    found[name] = value;
  }
  return found;
}
