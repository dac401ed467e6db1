/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-argument, @typescript-eslint/restrict-plus-operands -- bodies are any JSON */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Bodies are whatever JSON a caller sends. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Answer = any;

export interface Stored {
  dashboard: Answer;
  folderUid: string;
  versions: { version: number; message: string }[];
}

type Fault = (request: IncomingMessage, response: ServerResponse) => boolean;

/** What push uses of Grafana's HTTP API, on loopback: folders, data sources, dashboards with versions and 412. */
export class FakeGrafana {
  readonly folders = new Map<string, Answer>();
  readonly dataSources = new Map<string, Answer>();
  readonly dashboards = new Map<string, Stored>();
  readonly writes: string[] = [];
  calls = 0;
  /** Answers in Grafana's place when it returns `true`. */
  fault: Fault = () => false;
  /** Whether versions come inside an object, as in later Grafanas. */
  wrapsVersions = true;
  readonly token = 'glsa_secret';
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  /** Saves as a person in Grafana's page does. */
  edit(uid: string, change: (dashboard: Answer) => void): void {
    const stored = this.dashboards.get(uid);
    if (stored === undefined) throw new Error(`no dashboard ${uid}`);
    change(stored.dashboard);
    stored.dashboard.version += 1;
    stored.versions.unshift({ version: stored.dashboard.version, message: '' });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.calls += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (this.fault(request, response)) return;
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      send(401, { message: 'Invalid API key' });
      return;
    }
    const method = request.method ?? '';
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (method !== 'GET') this.writes.push(`${method} ${path}`);
    const body: Answer = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
    const [status, answer] = this.#route(method, path, body);
    send(status, answer);
  }

  #route(method: string, path: string, body: Answer): [number, unknown] {
    const missing: [number, unknown] = [404, { message: 'not found' }];
    const uid = path.split('/').at(path.endsWith('/versions') ? -2 : -1) ?? '';
    if (method === 'POST' && path === '/api/folders') {
      if (this.folders.has(body.uid)) return [409, { message: 'a folder with that uid exists' }];
      this.folders.set(body.uid, body);
      return [200, body];
    }
    if (method === 'POST' && path === '/api/datasources') {
      if (this.dataSources.has(body.uid)) return [409, { message: 'data source with the same uid exists' }];
      this.dataSources.set(body.uid, { id: 7, version: 1, readOnly: false, ...body });
      return [200, { datasource: body }];
    }
    if (method === 'POST' && path === '/api/dashboards/db') return this.#save(body);
    if (path.startsWith('/api/folders/')) return this.folders.has(uid) ? [200, this.folders.get(uid)] : missing;
    if (path.startsWith('/api/datasources/uid/')) {
      const had = this.dataSources.get(uid);
      if (had === undefined) return missing;
      if (method === 'PUT') this.dataSources.set(uid, { ...had, ...body, version: had.version + 1 });
      return [200, this.dataSources.get(uid)];
    }
    const stored = this.dashboards.get(uid);
    if (stored === undefined) return missing;
    if (path.endsWith('/versions')) return [200, this.wrapsVersions ? { versions: stored.versions } : stored.versions];
    return [
      200,
      { dashboard: stored.dashboard, meta: { folderUid: stored.folderUid, version: stored.dashboard.version } },
    ];
  }

  #save({ dashboard, folderUid, message, overwrite }: Answer): [number, unknown] {
    if (!this.folders.has(folderUid)) return [400, { message: 'folder not found' }];
    if (this.folders.get(folderUid).title === dashboard.title) {
      return [400, { message: 'Dashboard name cannot be the same as folder' }];
    }
    const had = this.dashboards.get(dashboard.uid);
    if (had !== undefined && overwrite !== true && dashboard.version !== had.dashboard.version) {
      return [412, { status: 'version-mismatch', message: 'The dashboard has been changed by someone else' }];
    }
    const sameName = [...this.dashboards.values()].find(
      (other) => other.dashboard.title === dashboard.title && other.dashboard.uid !== dashboard.uid,
    );
    if (sameName !== undefined && overwrite !== true) {
      return [412, { status: 'name-exists', message: 'A dashboard with the same name already exists' }];
    }
    const version = (had?.dashboard.version ?? 0) + 1;
    this.dashboards.set(dashboard.uid, {
      dashboard: { ...dashboard, id: had?.dashboard.id ?? this.dashboards.size + 1, version },
      folderUid,
      versions: [{ version, message }, ...(had?.versions ?? [])],
    });
    return [200, { status: 'success', uid: dashboard.uid, version }];
  }
}
