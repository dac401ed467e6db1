import { readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Context } from 'hono';
import type { App } from './create-app.js';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Adds the page at `/` and what it loads below `/assets/`, whose names change with their contents. */
export function addPageRoutes(app: App, pageDir: string): void {
  app.get('/', async (c) => {
    c.header('Cache-Control', 'no-cache');
    const answer = await answerFile(c, join(pageDir, 'index.html'));
    if (answer) return answer;
    return c.text('The page is not built. In a checkout, run "node tools/build-runnable.mjs".\n', 503);
  });
  // The pattern admits no separator and no leading dot: nothing outside the folder has such a name.
  app.get('/assets/:file{[A-Za-z0-9_-][A-Za-z0-9_.-]*\\.(?:js|css|svg)}', async (c) => {
    const answer = await answerFile(c, join(pageDir, 'assets', c.req.param('file')));
    if (!answer) return c.notFound();
    answer.headers.set('Cache-Control', 'public, max-age=31536000, immutable');
    return answer;
  });
}

async function answerFile(c: Context, path: string): Promise<Response | undefined> {
  const status = await stat(path).catch(() => undefined);
  if (!status?.isFile()) return undefined;
  const etag = `"${status.size.toString(36)}-${Math.floor(status.mtimeMs).toString(36)}"`;
  c.header('ETag', etag);
  if (c.req.header('if-none-match') === etag) return c.body(null, 304);
  c.header('Content-Type', CONTENT_TYPES[extname(path)] ?? 'application/octet-stream');
  return c.body(new Uint8Array(await readFile(path)));
}
