import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ROOT } from './pages.js';

/** A generated page in the form that `prettier --check` asks for. */
export async function formatMarkdown(text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(join(ROOT, 'package.json'))), parser: 'markdown' });
}
