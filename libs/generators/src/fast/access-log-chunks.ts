import { formatInstant } from '@pulselake/data-model';
import { createRandom } from '../random.js';
import { bulkPeriod, checkedCount, type BulkOptions } from './bulk-options.js';
import { ByteWriter } from './byte-writer.js';

const PATHS = ['/api/v1/orders', '/api/v1/users/{id}', '/api/v1/items/{id}?full=true', '/oauth/token'];
const PERSON = '203.0.113.7  - alice "GET ';
const PERSON_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';

/** What {@link accessLogChunks} makes. */
export interface AccessLogChunksOptions extends BulkOptions {
  /** Calling services, `service-0` and on, 1 to 10,000; default 8. */
  readonly callers?: number | undefined;
  /** Share of the calls by people, 0 to 1; default 0.2. */
  readonly peopleShare?: number | undefined;
  /** Share of the calls answered with status 503, 0 to 1; default 0.01. */
  readonly failingShare?: number | undefined;
  /** Called for each line, in order; `callerIndex` is -1 for people. */
  readonly onCall?: (callerIndex: number, timeMs: number, status: number) => void;
}

/**
 * The log of one service in the generated shape, made for speed: lines in order of time. The target is what the file's
 * name says; without one it is `api` or `oauth`, the first path segment.
 *
 * @throws RangeError when an option is out of its range
 * @example accessLogChunks({ records: 2_000_000, seed: 7, days: 1 })
 */
export function* accessLogChunks(options: AccessLogChunksOptions): Iterable<Uint8Array> {
  const { records, seed, peopleShare = 0.2, failingShare = 0.01, onCall } = options;
  for (const [name, share] of Object.entries({ peopleShare, failingShare })) {
    if (!(share >= 0 && share <= 1)) throw new RangeError(`${name} is ${share}; it must be between 0 and 1.`);
  }
  const { startMs, lengthMs } = bulkPeriod(options);
  const callers = Array.from({ length: checkedCount('callers', options.callers ?? 8) }, (_, index) =>
    Buffer.from(`<masked>  - service-${index} "POST `),
  );
  const person = Buffer.from(PERSON);
  const paths = PATHS.map((path) => Buffer.from(path));
  const fine = Buffer.from('" 200 [');
  const failed = Buffer.from('" 503 [');
  const serviceEnd = Buffer.from('Z] "Apache HTTP Client"\n');
  const personEnd = Buffer.from(`Z] "${PERSON_AGENT}"\n`);
  const stepMs = records === 0 ? 0 : lengthMs / records;
  const random = createRandom(seed).fork('access-log');
  const writer = new ByteWriter();
  let second = -1;
  let secondText = Buffer.alloc(0);
  for (let record = 0; record < records; record++) {
    const timeMs = startMs + Math.floor(record * stepMs);
    const millis = timeMs % 1000;
    if (timeMs - millis !== second) {
      second = timeMs - millis;
      secondText = Buffer.from(formatInstant(second).slice(0, 20));
    }
    const draw = random.uint32();
    const isPerson = draw / 4_294_967_296 < peopleShare;
    const isFailed = random.uint32() / 4_294_967_296 < failingShare;
    const callerIndex = isPerson ? -1 : record % callers.length;
    writer.bytes(isPerson ? person : callers[callerIndex]!);
    writer.bytes(paths[draw & 3]!);
    writer.bytes(isFailed ? failed : fine);
    writer.bytes(secondText);
    writer.padded(millis, 3);
    writer.bytes(isPerson ? personEnd : serviceEnd);
    onCall?.(callerIndex, timeMs, isFailed ? 503 : 200);
    const full = writer.takeFull();
    if (full) yield full;
  }
  const rest = writer.take();
  if (rest.length > 0) yield rest;
}
