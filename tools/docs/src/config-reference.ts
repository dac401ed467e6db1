import { TaskSchema } from '@pulselake/generators';
// eslint-disable-next-line @nx/enforce-module-boundaries -- data of an app that has no code to be called by others
import { pulselakeConfigSchema } from '@pulselake/infrastructure/config';
import type { z } from 'zod';
import { configKeys, type ConfigKey } from './config-keys.js';
import { formatMarkdown } from './format-markdown.js';

/** A file that people write. */
export interface ConfigFile {
  readonly title: string;
  /** Where it lies, and who reads it. */
  readonly about: string;
  readonly schema: z.ZodType;
}

/** Every file that people write for Pulselake. */
export const CONFIG_FILES: readonly ConfigFile[] = [
  {
    title: 'Deployment',
    about:
      'A deployment on AWS: `config/<environment>.json` in `apps/infrastructure`, or any file with `-c config=FILE` ' +
      '([how](../guides/deploy-on-aws.md)). A field that is wrong, missing or unknown ends the synthesis with its name.',
    schema: pulselakeConfigSchema,
  },
  ...TaskSchema.options.map((schema): ConfigFile => {
    const type = schema.shape['@type'].value;
    const readers =
      type === 'kinesis-metrics-stream'
        ? '`pulselake generate --task` and `pulselake-produce --task`'
        : '`pulselake generate --task`';
    return {
      title: `Task ${type}`,
      about:
        `A task file of the training generator, for ${readers}. ` +
        '`${name}` and `${name:-default}` in it stand for variables of the environment.',
      schema,
    };
  }),
];

/** The page of all keys that people configure, as the schemas that check them say. */
export async function configReference(): Promise<string> {
  const parts = [
    '# Configuration',
    'Each key of the files that people write. This page is generated from the schemas that check them: `npx nx run docs:write`. ' +
      'What commands are told is in [their reference](cli.md), the settings of the Flink job in [windows on Flink](windows-on-flink.md).',
    '`[]` is each item of a list, `<name>` a name of your own.',
  ];
  for (const { title, about, schema } of CONFIG_FILES) {
    parts.push(`## ${title}`, about, table(configKeys(schema)));
  }
  return formatMarkdown(parts.join('\n\n'));
}

function table(keys: readonly ConfigKey[]): string {
  const rows = keys
    .filter(({ type, meaning }) => type !== 'object' || meaning !== '')
    .map(({ path, type, meaning, ...key }) => [`\`${path}\``, type, presetOf(type, key), meaning]);
  return [['key', 'type', 'default', 'meaning'], ['---', '---', '---', '---'], ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

function presetOf(type: string, { preset, isNeeded }: Pick<ConfigKey, 'preset' | 'isNeeded'>): string {
  if (preset === undefined) return isNeeded ? 'needed' : 'none';
  // The defaults of an object's keys stand in their own rows.
  return type === 'object' ? 'see its keys' : `\`${JSON.stringify(preset)}\``;
}
