import { LineParser } from '../lines/line-parser.js';
import { rawText, type RejectedLineListener } from '../lines/rejected-line.js';
import { AccessLogLine } from './access-log-line.js';
import { parseLogTimeBytes } from './parse-log-time-bytes.js';
import { serviceOfLogFile } from './service-of-log-file.js';
import { TrafficCounter } from './traffic-counter.js';

/** Where the lines of a log went. */
export interface AccessLogTotals {
  /** Calls of services, counted. */
  accepted: number;
  /** Calls of people, counted apart. */
  external: number;
  /** Lines outside the asked days. */
  outOfRange: number;
}

/** What an {@link AccessLogParser} is told. */
export interface AccessLogParserOptions {
  /** Name of the file without folders: `<service>-YYYY-MM-DD.txt[.gz]` gives the target of every line. */
  readonly fileName: string;
  readonly counter: TrafficCounter;
  readonly onRejected: RejectedLineListener;
  /** The days to count, in days since the epoch; every day when absent. */
  readonly days?: ReadonlySet<number>;
  /** The first day to count, in days since the epoch. Default none. */
  readonly firstDay?: number;
  readonly maxRecordBytes?: number;
}

const SPACE = 0x20;
const SLASH = 0x2f;
const QUESTION = 0x3f;
const HASH = 0x23;
const SEMICOLON = 0x3b;
const MASKED = Buffer.from('<masked>');
const MACHINE = Buffer.from('Machine (');

/** Counts the calls of one access log. Each non-empty line is counted, out of range, or rejected. */
export class AccessLogParser extends LineParser {
  readonly #options: AccessLogParserOptions;
  readonly #fields = new AccessLogLine();
  /** The target that the file's name gives, or −1. */
  readonly #fileTarget: number;
  readonly totals: AccessLogTotals = { accepted: 0, external: 0, outOfRange: 0 };

  constructor(options: AccessLogParserOptions) {
    super(options);
    this.#options = options;
    const service = serviceOfLogFile(options.fileName);
    const name = Buffer.from(service ?? '');
    this.#fileTarget = service === undefined ? -1 : options.counter.targets.intern(name, 0, name.length);
  }

  protected override line(bytes: Buffer, start: number, end: number, line: number): void {
    const fields = this.#fields;
    if (!fields.match(bytes, start, end)) {
      this.#unparsed('The line has none of the known shapes.', bytes, start, end, line);
      return;
    }
    const target = this.#fileTarget >= 0 ? this.#fileTarget : this.#pathTarget(bytes);
    if (target < 0) {
      this.#unparsed('Neither the file name nor the path names a target.', bytes, start, end, line);
      return;
    }
    const source = this.#source(bytes);
    if (source === NO_SOURCE) {
      this.#unparsed('The call of a service names no source.', bytes, start, end, line);
      return;
    }
    const timeMs = parseLogTimeBytes(bytes, fields.timeStart, fields.timeEnd);
    if (Number.isNaN(timeMs)) {
      const message = 'The time is neither an instant nor like 10/Oct/2022:13:55:36 +0000.';
      this.#options.onRejected({ reason: 'bad-timestamp', message, line, ...rawText(bytes, start, end) });
      return;
    }
    const day = TrafficCounter.dayOf(timeMs);
    const { days, firstDay } = this.#options;
    if ((days && !days.has(day)) || (firstDay !== undefined && day < firstDay)) {
      this.totals.outOfRange++;
      return;
    }
    this.#options.counter.count(day, source, target, fields.status >= 500);
    if (source === PERSON) this.totals.external++;
    else this.totals.accepted++;
  }

  #unparsed(message: string, bytes: Buffer, start: number, end: number, line: number): void {
    this.#options.onRejected({ reason: 'unparsed-line', message, line, ...rawText(bytes, start, end) });
  }

  /** The first path segment of the request, or −1. */
  #pathTarget(bytes: Buffer): number {
    const { requestStart, requestEnd } = this.#fields;
    let at = requestStart;
    while (at < requestEnd && bytes[at] !== SPACE) at++;
    if (at + 1 >= requestEnd || bytes[at + 1] !== SLASH) return -1;
    const segment = at + 2;
    let segmentEnd = segment;
    for (; segmentEnd < requestEnd; segmentEnd++) {
      const byte = bytes[segmentEnd];
      if (byte === SLASH || byte === QUESTION || byte === HASH || byte === SPACE) break;
    }
    return segmentEnd > segment ? this.#options.counter.targets.intern(bytes, segment, segmentEnd) : -1;
  }

  /** The calling service, {@link PERSON}, or {@link NO_SOURCE}. */
  #source(bytes: Buffer): number {
    const { agentStart, agentEnd, addressStart, addressEnd, userStart, userEnd } = this.#fields;
    const machine = machineService(bytes, agentStart, agentEnd);
    const { sources } = this.#options.counter;
    if (machine > 0) {
      let start = machine;
      let end = agentEnd - 1;
      while (start < end && bytes[start] === SPACE) start++;
      while (end > start && bytes[end - 1] === SPACE) end--;
      if (end > start) return sources.intern(bytes, start, end);
    }
    if (machine < 0 && !isText(bytes, addressStart, addressEnd, MASKED)) return PERSON;
    if (userEnd === userStart || (userEnd === userStart + 1 && bytes[userStart] === 0x2d)) return NO_SOURCE;
    return sources.intern(bytes, userStart, userEnd);
  }
}

const PERSON = -1;
const NO_SOURCE = -2;

/**
 * Where the service starts in an agent `Machine (library; service)`; 0 for `Machine (library)`, −1 for any other agent.
 */
function machineService(bytes: Buffer, start: number, end: number): number {
  if (end - start < MACHINE.length + 1 || bytes[end - 1] !== 0x29) return -1;
  if (!isText(bytes, start, start + MACHINE.length, MACHINE)) return -1;
  let service = 0;
  for (let at = start + MACHINE.length; at < end - 1; at++) {
    const byte = bytes[at];
    if (byte === 0x28 || byte === 0x29) return -1;
    if (byte === SEMICOLON && service === 0) service = at + 1;
  }
  return service;
}

function isText(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false;
  for (let at = 0; at < text.length; at++) if (bytes[start + at] !== text[at]) return false;
  return true;
}
