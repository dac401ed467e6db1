const SPACE = 0x20;
const QUOTE = 0x22;
const DASH = 0x2d;
const COMMA = 0x2c;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** Longest time between brackets, in bytes. */
const MAX_TIME_BYTES = 64;

/**
 * Finds the fields of an access log line as ranges of bytes. Lines are read from both ends, since nothing in the
 * request or the agent is escaped; what each shape takes is written as an expression in `docs/reference/record-rules.md`.
 */
export class AccessLogLine {
  addressStart = 0;
  addressEnd = 0;
  userStart = 0;
  userEnd = 0;
  timeStart = 0;
  timeEnd = 0;
  requestStart = 0;
  requestEnd = 0;
  /** HTTP status, 0–999. */
  status = 0;
  agentStart = 0;
  agentEnd = 0;

  /** Tries the shapes in their order. @returns false when none fits the whole line */
  match(bytes: Buffer, start: number, end: number): boolean {
    if (end - start < 8 || bytes[end - 1] !== QUOTE) return false;
    this.agentEnd = end - 1;
    this.addressStart = start;
    const dash = findDash(bytes, start, end, false);
    if (dash >= 0) {
      const wideDash = bytes[dash - 1] === SPACE && dash > start ? dash - 1 : findDash(bytes, dash, end, true);
      if (wideDash >= 0 && this.#generated(bytes, wideDash, end)) return true;
      if (this.#documented(bytes, dash, end)) return true;
    }
    return this.#combined(bytes, start, end) || (dash >= 0 && this.#comma(bytes, dash, end));
  }

  /** `ADDR␠␠-␠USER␠"REQUEST"␠ddd␠[TIME]␠"AGENT"` */
  #generated(bytes: Buffer, dash: number, end: number): boolean {
    const userStart = dash + 4;
    const requestQuote = findPair(bytes, userStart, end, SPACE, QUOTE);
    if (requestQuote < 0) return false;
    // From the right: the last `" ddd [TIME] "`.
    for (let close = end - 4; close > requestQuote; close--) {
      if (bytes[close] !== CLOSE || bytes[close + 1] !== SPACE || bytes[close + 2] !== QUOTE) continue;
      const open = openBracket(bytes, close);
      if (open < 0 || bytes[open - 1] !== SPACE) continue;
      const status = statusBefore(bytes, open - 1);
      if (status < 0 || bytes[open - 5] !== SPACE || bytes[open - 6] !== QUOTE) continue;
      if (open - 6 < requestQuote + 2) return false;
      this.#keep(status, open + 1, close, requestQuote + 2, open - 6);
      this.agentStart = close + 3;
      this.addressEnd = dash;
      this.userStart = userStart;
      this.userEnd = requestQuote;
      return true;
    }
    return false;
  }

  /** `ADDR␠-␠USER␠[TIME]␠"REQUEST"␠ddd␠"AGENT"` */
  #documented(bytes: Buffer, dash: number, end: number): boolean {
    const userStart = dash + 3;
    const close = this.#time(bytes, userStart, end, SPACE);
    if (close < 0) return false;
    const requestStart = close + 3;
    // From the right: the last `" ddd "`.
    for (let agent = end - 2; agent >= requestStart + 6; agent--) {
      if (bytes[agent] !== QUOTE || bytes[agent - 1] !== SPACE) continue;
      const status = statusBefore(bytes, agent - 1);
      if (status < 0 || bytes[agent - 5] !== SPACE || bytes[agent - 6] !== QUOTE) continue;
      this.#keep(status, this.timeStart, close, requestStart, agent - 6);
      this.agentStart = agent + 1;
      this.addressEnd = dash;
      return true;
    }
    return false;
  }

  /** `ADDR␠IDENT␠USER␠[TIME]␠"REQUEST"␠ddd␠BYTES␠"REFERER"␠"AGENT"` */
  #combined(bytes: Buffer, start: number, end: number): boolean {
    const addressEnd = findByte(bytes, start, end, SPACE);
    const identEnd = findByte(bytes, addressEnd + 1, end, SPACE);
    if (identEnd >= end || identEnd === addressEnd + 1) return false;
    const close = this.#time(bytes, identEnd + 1, end, SPACE);
    if (close < 0) return false;
    const requestStart = close + 3;
    // From the right: the last `" ddd BYTES "` behind which `" "` still parts the referer from the agent.
    for (let referer = end - 2; referer >= requestStart + 8; referer--) {
      if (bytes[referer] !== QUOTE || bytes[referer - 1] !== SPACE) continue;
      const sizeStart = sizeBefore(bytes, referer - 1);
      if (sizeStart < 0 || bytes[sizeStart - 1] !== SPACE) continue;
      const status = statusBefore(bytes, sizeStart - 1);
      const requestEnd = sizeStart - 6;
      if (status < 0 || bytes[requestEnd + 1] !== SPACE || bytes[requestEnd] !== QUOTE || requestEnd < requestStart)
        continue;
      const parting = findParting(bytes, referer + 1, end - 1);
      if (parting < 0) continue;
      this.#keep(status, this.timeStart, close, requestStart, requestEnd);
      this.agentStart = parting + 3;
      this.addressEnd = addressEnd;
      return true;
    }
    return false;
  }

  /** `ADDR␠-␠USER,␠[TIME],␠"REQUEST",␠ddd,␠"AGENT"` */
  #comma(bytes: Buffer, dash: number, end: number): boolean {
    const close = this.#time(bytes, dash + 3, end, COMMA);
    if (close < 0) return false;
    const requestStart = close + 4;
    for (let agent = end - 2; agent >= requestStart + 8; agent--) {
      if (bytes[agent] !== QUOTE || bytes[agent - 1] !== SPACE || bytes[agent - 2] !== COMMA) continue;
      const status = statusBefore(bytes, agent - 2);
      if (status < 0 || bytes[agent - 6] !== SPACE || bytes[agent - 7] !== COMMA || bytes[agent - 8] !== QUOTE)
        continue;
      this.#keep(status, this.timeStart, close, requestStart, agent - 8);
      this.agentStart = agent + 1;
      this.addressEnd = dash;
      return true;
    }
    return false;
  }

  /**
   * The first `␠[TIME]␠"`, or `,␠[TIME],␠"`, at or after `from`; sets the user and the start of the time.
   *
   * @returns where the bracket closes, or −1
   */
  #time(bytes: Buffer, from: number, end: number, separator: number): number {
    const comma = separator === COMMA ? 1 : 0;
    for (let open = from + comma + 1; open < end; open++) {
      if (bytes[open] !== OPEN || bytes[open - 1] !== SPACE || (comma === 1 && bytes[open - 2] !== COMMA)) continue;
      const limit = Math.min(end, open + 1 + MAX_TIME_BYTES + 1);
      let close = open + 1;
      while (close < limit && bytes[close] !== CLOSE && bytes[close] !== OPEN) close++;
      if (close >= limit || bytes[close] !== CLOSE || close === open + 1) continue;
      if (comma === 1 && bytes[close + 1] !== COMMA) continue;
      if (bytes[close + 1 + comma] !== SPACE || bytes[close + 2 + comma] !== QUOTE || close + 2 + comma >= end)
        continue;
      this.userStart = from;
      this.userEnd = open - 1 - comma;
      this.timeStart = open + 1;
      return close;
    }
    return -1;
  }

  #keep(status: number, timeStart: number, timeEnd: number, requestStart: number, requestEnd: number): void {
    this.status = status;
    this.timeStart = timeStart;
    this.timeEnd = timeEnd;
    this.requestStart = requestStart;
    this.requestEnd = requestEnd;
  }
}

/** The first `␠-␠` (or `␠␠-␠`) at or after `from`; −1 when there is none. */
function findDash(bytes: Buffer, from: number, end: number, wide: boolean): number {
  for (let at = from; at + 2 < end; at++) {
    if (bytes[at] !== SPACE) continue;
    if (!wide) {
      if (bytes[at + 1] === DASH && bytes[at + 2] === SPACE) return at;
    } else if (bytes[at + 1] === SPACE && bytes[at + 2] === DASH && bytes[at + 3] === SPACE && at + 3 < end) return at;
  }
  return -1;
}

/** The first `byte` at or after `from`; `end` when there is none. */
function findByte(bytes: Buffer, from: number, end: number, byte: number): number {
  let at = from;
  while (at < end && bytes[at] !== byte) at++;
  return at;
}

/** The first `"␠"` that lies before `end`, or −1. */
function findParting(bytes: Buffer, from: number, end: number): number {
  for (let at = from; at + 3 <= end; at++) {
    if (bytes[at] === QUOTE && bytes[at + 1] === SPACE && bytes[at + 2] === QUOTE) return at;
  }
  return -1;
}

function findPair(bytes: Buffer, from: number, end: number, first: number, second: number): number {
  for (let at = from; at + 1 < end; at++) if (bytes[at] === first && bytes[at + 1] === second) return at;
  return -1;
}

/** Where the bracket that closes at `close` opens, with 1 to 64 bytes and no other bracket between; −1 when nowhere. */
function openBracket(bytes: Buffer, close: number): number {
  const limit = close - 1 - MAX_TIME_BYTES;
  for (let at = close - 1; at >= limit && at >= 0; at--) {
    const byte = bytes[at];
    if (byte === OPEN) return at < close - 1 ? at : -1;
    if (byte === CLOSE) return -1;
  }
  return -1;
}

/** The three digits that end before `end`, or −1. */
function statusBefore(bytes: Buffer, end: number): number {
  const hundreds = bytes[end - 3]! - 48;
  const tens = bytes[end - 2]! - 48;
  const ones = bytes[end - 1]! - 48;
  return hundreds >>> 0 > 9 || tens >>> 0 > 9 || ones >>> 0 > 9 ? -1 : hundreds * 100 + tens * 10 + ones;
}

/** Where the `-` or the digits that end before `end` start, or −1. */
function sizeBefore(bytes: Buffer, end: number): number {
  if (bytes[end - 1] === DASH) return end - 1;
  let at = end;
  while ((bytes[at - 1]! - 48) >>> 0 <= 9) at--;
  return at < end ? at : -1;
}
