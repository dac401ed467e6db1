import { parseInstant } from '@pulselake/data-model';

const NAME = /^(.+)-(\d{4}-\d\d-\d\d)\.txt(?:\.gz)?$/s;

/**
 * The called service that a log file's name gives.
 *
 * @param fileName without folders
 * @returns the `<service>` of `<service>-YYYY-MM-DD.txt[.gz]`, `undefined` for any other name
 * @example serviceOfLogFile('order-service-2024-02-29.txt.gz') // 'order-service'
 */
export function serviceOfLogFile(fileName: string): string | undefined {
  const match = NAME.exec(fileName);
  if (!match || parseInstant(`${match[2]!}T00:00:00Z`) === undefined) return undefined;
  return match[1];
}
