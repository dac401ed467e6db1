import { InvalidArgumentError } from 'commander';

/** A name that Glue may know. */
export function jobName(text: string): string {
  if (text.length >= 1 && text.length <= 255 && !/\p{Cc}/u.test(text)) return text;
  throw new InvalidArgumentError('It must be a name of 1 to 255 characters on one line.');
}
