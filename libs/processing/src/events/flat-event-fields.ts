import { MAX_EVENT_ID_LENGTH, MAX_NAME_LENGTH, MAX_UNIT_LENGTH } from '@pulselake/data-model';
import { codePointLength } from '../bytes/code-points.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const COMMA = 0x2c;
const COLON = 0x3a;

const COMPONENT = 1;
const METRIC = 2;
const UNIT = 4;
const VALUE = 8;
const TIME = 16;
const ID = 32;
const REQUIRED = COMPONENT | METRIC | UNIT | VALUE | TIME;

const KEYS = [COMPONENT, METRIC, UNIT, VALUE, TIME, ID] as const;
const NAMES = ['componentName', 'metricName', 'unit', 'value', 'publicationTimestamp', 'eventId'].map((name) =>
  Buffer.from(name),
);

/** Bytes of a text that stand for themselves, and do not end it. */
const IS_PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);

/**
 * Finds the fields of a flat event without building anything: known keys, each once, texts without escapes.
 *
 * Whatever it does not take is no fault: JSON.parse decides then.
 */
export class FlatEventFields {
  componentStart = 0;
  componentEnd = 0;
  metricStart = 0;
  metricEnd = 0;
  unitStart = 0;
  unitEnd = 0;
  valueStart = 0;
  valueEnd = 0;
  timeStart = 0;
  timeEnd = 0;
  idStart = 0;
  idEnd = 0;
  /** The key that stood at each place last time, by its place in {@link KEYS}: it mostly does so again. */
  readonly #order = new Uint8Array(KEYS.length);

  scan(bytes: Buffer, start: number, end: number): boolean {
    if (bytes[start] !== 0x7b || bytes[end - 1] !== 0x7d) return false;
    this.idStart = this.idEnd = 0;
    let seen = 0;
    let at = start + 1;
    for (let place = 0; place < KEYS.length; place++) {
      if (bytes[at] === SPACE) at++;
      if (bytes[at] !== QUOTE) return false;
      at++;
      let known = this.#order[place]!;
      if (!isNameAt(bytes, at, NAMES[known]!)) {
        known = NAMES.findIndex((name) => isNameAt(bytes, at, name));
        if (known < 0) return false;
        this.#order[place] = known;
      }
      const key = KEYS[known]!;
      if ((seen & key) !== 0) return false;
      seen |= key;
      at += NAMES[known]!.length + 1;
      if (bytes[at] !== COLON) return false;
      if (bytes[++at] === SPACE) at++;
      let valueStart = at;
      if (key === VALUE) {
        while (at < end && bytes[at] !== COMMA && bytes[at] !== 0x7d && bytes[at] !== SPACE) at++;
        this.valueStart = valueStart;
        this.valueEnd = at;
      } else {
        if (bytes[at] !== QUOTE) return false;
        valueStart = ++at;
        while (IS_PLAIN[bytes[at]!] === 1) at++;
        if (at >= end || bytes[at] !== QUOTE) return false;
        this.#keep(key, valueStart, at);
        at++;
      }
      if (at === end - 1) return (seen & REQUIRED) === REQUIRED;
      if (bytes[at] !== COMMA) return false;
      at++;
    }
    return false;
  }

  /** Whether each text has its length: at least one character, and no more than allowed. */
  lengthsFit(bytes: Buffer): boolean {
    return (
      fits(bytes, this.componentStart, this.componentEnd, MAX_NAME_LENGTH) &&
      fits(bytes, this.metricStart, this.metricEnd, MAX_NAME_LENGTH) &&
      fits(bytes, this.unitStart, this.unitEnd, MAX_UNIT_LENGTH) &&
      (this.idEnd === this.idStart || fits(bytes, this.idStart, this.idEnd, MAX_EVENT_ID_LENGTH))
    );
  }

  #keep(key: number, start: number, end: number): void {
    if (key === COMPONENT) {
      this.componentStart = start;
      this.componentEnd = end;
    } else if (key === METRIC) {
      this.metricStart = start;
      this.metricEnd = end;
    } else if (key === UNIT) {
      this.unitStart = start;
      this.unitEnd = end;
    } else if (key === TIME) {
      this.timeStart = start;
      this.timeEnd = end;
    } else {
      this.idStart = start;
      this.idEnd = end;
    }
  }
}

function fits(bytes: Buffer, start: number, end: number, maxLength: number): boolean {
  return end > start && (end - start <= maxLength || codePointLength(bytes, start, end) <= maxLength);
}

/** Whether a name stands at `start`, and a quote behind it. */
function isNameAt(bytes: Buffer, start: number, name: Buffer): boolean {
  for (let at = 0; at < name.length; at++) if (bytes[start + at] !== name[at]) return false;
  return bytes[start + name.length] === QUOTE;
}
