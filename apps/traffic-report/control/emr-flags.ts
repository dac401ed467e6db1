import { InvalidArgumentError } from 'commander';

export function applicationId(text: string): string {
  if (/^[0-9a-z]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be the id of an application, small letters and digits: not its name.');
}

export function roleArn(text: string): string {
  if (/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/.test(text)) return text;
  throw new InvalidArgumentError('It must be the ARN of a role: arn:aws:iam::123456789012:role/NAME.');
}
