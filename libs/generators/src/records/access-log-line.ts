import type { Random } from '../random.js';
import { formatJavaInstant } from './format-java-instant.js';
import { formatLogTime } from './format-log-time.js';
import { LATIN_1_NAME } from './bad-texts.js';
import type { BrokenLine } from './record-roles.js';

/** The shapes of an access log's lines: 1 documented, 2 generated, 3 comma, 4 combined. */
export type LogShape = 1 | 2 | 3 | 4;

/** One call as a server logs it. */
export interface CallToLog {
  /** The calling service, or `undefined` for a person. */
  readonly source?: string | undefined;
  readonly timeMs: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

const PEOPLE = ['alice', 'bob', ';ldkh045', 'carol', '-', 'van der Berg', 'j.müller', 'user "x"'];
const BROWSERS = [
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36',
  'Firefox',
  'curl/8.5.0',
  'Say "hi"',
];
const LIBRARIES = ['Apache HTTP Client', 'okhttp', 'undici'];
const OFFSETS_MINUTES = [0, 0, 0, 120, -330, 60];

/** Writes a call in one of the shapes, with a service named in any way that the shape has. */
export function renderAccessLogLine(shape: LogShape, call: CallToLog, random: Random): string {
  const { source, method, path, status } = call;
  const byAgent = source !== undefined && random.chance(0.7);
  const library = random.pick(LIBRARIES);
  const agent =
    source === undefined
      ? random.pick(BROWSERS)
      : shape === 2
        ? 'Apache HTTP Client'
        : `Machine (${library}${byAgent ? `; ${source}` : ''})`;
  const user = source === undefined ? random.pick(PEOPLE) : byAgent && shape !== 2 ? '-' : source;
  const address = source !== undefined && shape === 2 ? '<masked>' : anyAddress(random);
  if (shape === 2) {
    return `${address}  - ${user} "${method} ${path}" ${status} [${formatJavaInstant(call.timeMs)}] "${agent}"`;
  }
  const time = random.chance(0.2)
    ? formatJavaInstant(call.timeMs)
    : formatLogTime(call.timeMs, random.pick(OFFSETS_MINUTES));
  const request = `${method} ${path} HTTP/1.1`;
  if (shape === 1) return `${address} - ${user} [${time}] "${request}" ${status} "${agent}"`;
  if (shape === 3) return `${address} - ${user}, [${time}], "${request}", ${status}, "${agent}"`;
  const bytes = status === 204 ? '-' : `${random.int(20, 90_000)}`;
  return `${address} - ${user} [${time}] "${request}" ${status} ${bytes} "https://shop.example/" "${agent}"`;
}

/** The faults of a log line. */
export const LOG_LINE_FAULTS = ['unparsedLine', 'tornLine', 'badTimestamp', 'badEncoding'] as const;
export type LogLineFault = (typeof LOG_LINE_FAULTS)[number];

/** Puts one fault into a service's call. */
export function breakAccessLogLine(shape: LogShape, call: CallToLog, fault: LogLineFault, random: Random): BrokenLine {
  const sound = renderAccessLogLine(shape, call, random);
  switch (fault) {
    case 'unparsedLine': {
      const lines = [
        'java.net.SocketTimeoutException: Read timed out',
        '\tat com.example.Client.call(Client.java:42)',
        // A machine which does not say who it is.
        `<masked>  - - "GET ${call.path}" 200 [2024-03-01T12:00:00Z] "Apache HTTP Client"`,
        `<masked>  -  "GET ${call.path}" 200 [2024-03-01T12:00:00Z] "Apache HTTP Client"`,
        `10.0.0.1 - - [01/Mar/2024:12:00:00 +0000] "GET ${call.path} HTTP/1.1" 200 "Machine (okhttp)"`,
        // No source and a bad time: the source comes first.
        `<masked>  - - "GET ${call.path}" 200 [yesterday] "Apache HTTP Client"`,
        `10.0.0.1 - cart-service [01/Mar/2024:12:00:00 +0000] "GET ${call.path} HTTP/1.1" OK "Machine (okhttp)"`,
        ' ',
        '\u0000\u0000\u0000',
      ];
      return { line: random.pick(lines), reason: 'unparsed-line' };
    }
    case 'tornLine':
      // Every shape ends with a quote after the agent; an earlier quote follows no status and time.
      return { line: sound.slice(0, random.int(1, sound.lastIndexOf('"'))).toWellFormed(), reason: 'unparsed-line' };
    case 'badTimestamp': {
      const time = random.pick([
        '31/Feb/2024:12:00:00 +0000',
        '2024-02-30T12:00:00Z',
        '01/Mrz/2024:12:00:00 +0000',
        '-',
      ]);
      return { line: sound.replace(/\[[^[\]]{1,64}\]/, `[${time}]`), reason: 'bad-timestamp' };
    }
    case 'badEncoding': {
      const line = renderAccessLogLine(shape, { ...call, path: `/${LATIN_1_NAME}` }, random);
      return { line: Buffer.from(line, 'latin1'), reason: 'bad-encoding' };
    }
  }
}

function anyAddress(random: Random): string {
  return random.chance(0.05) ? '2001:db8::17' : `10.${random.int(0, 4)}.${random.int(0, 256)}.${random.int(1, 255)}`;
}
