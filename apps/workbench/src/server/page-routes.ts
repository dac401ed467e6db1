import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import type { Context } from 'hono';
import type { App } from './create-app.js';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Adds the page at `/`, the files beside it, and ECharts as `/vendor/echarts.js`. */
export function addPageRoutes(app: App, pageDir: string): void {
  app.get('/', (c) => answerFile(c, join(pageDir, 'index.html')));
  app.get('/vendor/echarts.js', (c) =>
    answerFile(c, createRequire(import.meta.url).resolve('echarts/dist/echarts.esm.min.js')),
  );
  // The pattern admits no separator and no leading dot: nothing outside the folder has such a name.
  app.get('/:file{[a-z0-9][a-z0-9-]*\\.(?:js|css|svg)}', (c) => answerFile(c, join(pageDir, c.req.param('file'))));
}

async function answerFile(c: Context, path: string): Promise<Response> {
  const status = await stat(path).catch(() => undefined);
  if (!status?.isFile()) return c.notFound();
  const etag = `"${status.size.toString(36)}-${Math.floor(status.mtimeMs).toString(36)}"`;
  c.header('ETag', etag);
  c.header('Cache-Control', 'no-cache');
  if (c.req.header('if-none-match') === etag) return c.body(null, 304);
  c.header('Content-Type', CONTENT_TYPES[extname(path)] ?? 'application/octet-stream');
  return c.body(new Uint8Array(await readFile(path)));
}
