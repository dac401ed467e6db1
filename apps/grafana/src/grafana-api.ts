/** A failure that its message explains to people. */
export class GrafanaError extends Error {
  constructor(
    message: string,
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'GrafanaError';
  }
}

export interface GrafanaApiOptions {
  readonly url: string;
  readonly token: string;
  readonly timeoutMs?: number;
  /** Pauses before the second, third … try of a call that may be repeated. */
  readonly retryPausesMs?: readonly number[];
}

/** A JSON object of Grafana's; callers look at what they need only. */
export type Answer = Readonly<Record<string, unknown>>;

/** `value` when it is an object (or a list), else an empty one. */
export function asObject(value: unknown): Answer {
  return typeof value === 'object' && value !== null ? (value as Answer) : {};
}

const RETRIED = new Set([429, 502, 503]);

/** Grafana's HTTP API: JSON in and out, every failure named. */
export class GrafanaApi {
  readonly #base: string;
  readonly #options: Required<GrafanaApiOptions>;

  constructor(options: GrafanaApiOptions) {
    this.#options = { timeoutMs: 30_000, retryPausesMs: [500, 2000, 5000], ...options };
    this.#base = options.url.replace(/\/+$/, '');
  }

  /** @returns `undefined` when Grafana answers 404 */
  async find(path: string): Promise<Answer | undefined> {
    try {
      return asObject(await this.#callAgain('GET', path));
    } catch (error) {
      if (error instanceof GrafanaError && error.status === 404) return undefined;
      throw error;
    }
  }

  /**
   * The objects of a list, which some versions answer with as it is and others inside an object, as its `key`.
   *
   * @returns an empty list when Grafana answers 404
   */
  async list(path: string, key: string): Promise<readonly Answer[]> {
    const answer = await this.find(path);
    const items: unknown = Array.isArray(answer) ? answer : answer?.[key];
    return Array.isArray(items) ? items.map(asObject) : [];
  }

  async put(path: string, body: unknown): Promise<Answer> {
    return asObject(await this.#callAgain('PUT', path, body));
  }

  /**
   * Repeated like the others: what push makes carries a uid, and a dashboard its version, so that Grafana refuses
   * (409, 412) to do twice what was done by a first try whose answer was lost.
   */
  async post(path: string, body: unknown): Promise<Answer> {
    return asObject(await this.#callAgain('POST', path, body));
  }

  async #callAgain(method: string, path: string, body?: unknown): Promise<unknown> {
    for (const pauseMs of this.#options.retryPausesMs) {
      try {
        return await this.#call(method, path, body);
      } catch (error) {
        if (!(error instanceof GrafanaError) || error.status === undefined || !RETRIED.has(error.status)) throw error;
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
    return this.#call(method, path, body);
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await this.#send(method, path, body);
    const where = `${method} ${this.#base}${path}`;
    if (response.status >= 300 && response.status < 400) {
      throw new GrafanaError(
        `${where} was redirected to ${response.headers.get('location') ?? 'nowhere'}. That is usually a login page or another address of Grafana: give --url the address that Grafana is really served at, and check the token.`,
      );
    }
    const text = await response.text().catch((cause: unknown) => {
      throw new GrafanaError(`The answer to ${where} broke off. Try again.`, undefined, { cause });
    });
    let answer: Answer = {};
    try {
      answer = asObject(JSON.parse(text));
    } catch {
      // A 404 that is no JSON comes from something before Grafana: it does not say that Grafana lacks the thing.
      if (response.ok || response.status === 404) {
        throw new GrafanaError(
          `${where} answered ${response.status} with no JSON (${response.headers.get('content-type') ?? 'no type'}). Is there a proxy or a login page before Grafana? Check --url.`,
        );
      }
    }
    if (response.ok) return answer;
    throw new GrafanaError(`${where} answered ${response.status}: ${reason(response.status, answer)}`, response.status);
  }

  async #send(method: string, path: string, body?: unknown): Promise<Response> {
    const { token, timeoutMs } = this.#options;
    try {
      return await fetch(`${this.#base}${path}`, {
        method,
        redirect: 'manual',
        headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': 'application/json' },
        signal: AbortSignal.timeout(timeoutMs),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
    } catch (cause) {
      const timedOut = cause instanceof Error && cause.name === 'TimeoutError';
      const code =
        cause instanceof Error && cause.cause instanceof Error
          ? ((cause.cause as NodeJS.ErrnoException).code ?? cause.cause.message)
          : '';
      throw new GrafanaError(
        timedOut
          ? `${this.#base} gave no answer within ${timeoutMs / 1000} s. Check that Grafana runs and that --url is its address.`
          : `${this.#base} cannot be reached (${code}). Check that Grafana runs and that --url is its address.`,
      );
    }
  }
}

function reason(status: number, answer: Answer): string {
  const said = typeof answer['message'] === 'string' ? ` Grafana says: ${answer['message']}` : '';
  switch (status) {
    case 401:
      return `the token is not known or has expired. Give a token of a service account.${said}`;
    case 403:
      return `the token may not do this. Its service account needs the role Admin, or rights to write folders, data sources and dashboards.${said}`;
    case 404:
      return `there is no such thing. Is --url the address of Grafana, with its path?${said}`;
    case 409:
      return `there is such a thing already. Run push again; if that does not help, remove what Grafana names.${said}`;
    case 412:
      return `${preconditionReason(answer['status'])}${said}`;
    case 429:
      return `it is asked too often, and was after each pause. Try again later.${said}`;
    default:
      return `${status >= 500 ? 'Grafana failed; its log says why. Try again later.' : 'Grafana refused it.'}${said}`;
  }
}

function preconditionReason(status: unknown): string {
  if (status === 'version-mismatch') return 'someone else saved the dashboard meanwhile. Run push again.';
  if (status === 'name-exists')
    return 'another dashboard of this folder has the same title. Rename or remove that one, or choose another --folder.';
  if (status === 'plugin-dashboard') return 'the dashboard belongs to a plugin. Remove it from the plugin first.';
  return 'something is not as push found it. Run push again.';
}
