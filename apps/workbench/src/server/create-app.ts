import type { HttpBindings } from '@hono/node-server';
import type { StreamingQueryEngine } from '@pulselake/dashboards';
import { Hono } from 'hono';
import { answerError } from './answer-error.js';
import { addDashboardRoutes } from './dashboard-routes.js';
import type { LiveFeed } from './live-feed.js';
import { addLiveRoute } from './live-route.js';
import { loopbackOnly } from './loopback-only.js';
import { addPageRoutes } from './page-routes.js';
import { securityHeaders } from './security-headers.js';
import { SharedQueries } from './shared-queries.js';
import { addSqlRoutes, SQL_PATH } from './sql-routes.js';

export interface AppOptions {
  /** Answers the panels' queries and the reader's own. */
  readonly engine: StreamingQueryEngine;
  /** Folder with `index.html` and what it loads. */
  readonly pageDir: string;
  /** What `/api/live` announces; without it only the heartbeat. */
  readonly live?: LiveFeed;
  /** Milliseconds since the epoch, for ranges that are not given and for the heartbeat. */
  readonly clock: () => number;
  /** Time between two signs of life on `/api/live` in milliseconds, default 10,000. */
  readonly heartbeatMs?: number;
  /** Told about faults of the server itself, which are answered without detail. */
  readonly onError?: (error: unknown) => void;
}

/** What the app is given with a request: node-server's socket, or nothing in a test. */
export type App = Hono<{ Bindings: Partial<HttpBindings> }>;

/**
 * The dashboard's web app: the page, the dashboards with the rows of their panels, statements of the reader's own, and the live feed.
 *
 * Only reads, and only for pages of its own address: a foreign `Host` or `Origin` is refused.
 */
export function createApp(options: AppOptions): App {
  const app: App = new Hono();
  app.use(securityHeaders);
  app.use(loopbackOnly);
  app.use(async (c, next) => {
    const allowed = c.req.path === SQL_PATH ? ['POST'] : ['GET', 'HEAD'];
    if (allowed.includes(c.req.method)) return next();
    return c.json({ error: `${c.req.method} is not offered here; use ${allowed[0]!}.` }, 405, {
      Allow: allowed.join(', '),
    });
  });
  app.onError((error, c) => answerError(c, error, options.onError));
  app.notFound((c) => c.json({ error: `There is nothing at ${c.req.path}.` }, 404));
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  addDashboardRoutes(app, { ...options, engine: new SharedQueries(options.engine) });
  addSqlRoutes(app, options);
  addLiveRoute(app, options);
  addPageRoutes(app, options.pageDir);
  return app;
}
