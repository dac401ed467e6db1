import { compareText } from '@pulselake/data-model';

/** What a metric's values are kept apart by. */
export interface Series {
  readonly componentName: string;
  readonly metricName: string;
  readonly unit: string;
}

/** The order of series: by component, then metric, then unit. */
export function compareSeries(a: Series, b: Series): number {
  return (
    compareText(a.componentName, b.componentName) ||
    compareText(a.metricName, b.metricName) ||
    compareText(a.unit, b.unit)
  );
}

const NO_SERIES: Series = { componentName: '', metricName: '', unit: '' };

/**
 * Gives each distinct (component, metric, unit) a small index.
 *
 * Parsers look series up by their bytes, so that a line of a known series makes no JavaScript string.
 */
export class SeriesTable {
  readonly #series: Series[] = [];
  /** Undefined where no series has the index. */
  readonly #keys: (Buffer | undefined)[] = [];
  #free: number[] = [];
  #hashes = new Int32Array(64);
  /** The series that came after each one last time: it mostly does so again. */
  #following = new Int32Array(64);
  #last = 0;
  #table = new Int32Array(128).fill(-1);

  /** A table in which these series have their index again. The indices in between are given to new series. */
  static from(entries: readonly (readonly [index: number, series: Series])[]): SeriesTable {
    const table = new SeriesTable();
    for (const [index, { componentName, metricName, unit }] of entries) {
      table.#free = [index];
      table.indexOf(componentName, metricName, unit);
    }
    for (let index = table.#series.length - 1; index >= 0; index--) {
      if (table.#keys[index] !== undefined) continue;
      table.#series[index] = NO_SERIES;
      table.#free.push(index);
    }
    return table;
  }

  /** Indices run from 0 to here, exclusive; those that no series has are of one without names. */
  get size(): number {
    return this.#series.length;
  }

  get(index: number): Series {
    return this.#series[index]!;
  }

  /** The index of a series given as texts. */
  indexOf(componentName: string, metricName: string, unit: string): number {
    const component = Buffer.from(componentName);
    const metric = Buffer.from(metricName);
    const bytes = Buffer.concat([component, metric, Buffer.from(unit)]);
    const metricAt = component.length;
    const unitAt = metricAt + metric.length;
    return this.indexOfBytes(bytes, 0, metricAt, metricAt, unitAt, unitAt, bytes.length);
  }

  /** The index of a series given as three ranges of bytes. */
  indexOfBytes(
    bytes: Buffer,
    componentStart: number,
    componentEnd: number,
    metricStart: number,
    metricEnd: number,
    unitStart: number,
    unitEnd: number,
  ): number {
    const guess = this.#following[this.#last]!;
    const isGuess =
      guess < this.#series.length &&
      this.#isKey(guess, bytes, componentStart, componentEnd, metricStart, metricEnd, unitStart, unitEnd);
    const index = isGuess
      ? guess
      : this.#lookUp(bytes, componentStart, componentEnd, metricStart, metricEnd, unitStart, unitEnd);
    this.#following[this.#last] = index;
    this.#last = index;
    return index;
  }

  #lookUp(
    bytes: Buffer,
    componentStart: number,
    componentEnd: number,
    metricStart: number,
    metricEnd: number,
    unitStart: number,
    unitEnd: number,
  ): number {
    let hash = 0x811c9dc5;
    for (let at = componentStart; at < componentEnd; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    hash = Math.imul(hash ^ 0xff, 0x01000193);
    for (let at = metricStart; at < metricEnd; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    hash = Math.imul(hash ^ 0xff, 0x01000193);
    for (let at = unitStart; at < unitEnd; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    const mask = this.#table.length - 1;
    for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const index = this.#table[slot]!;
      if (index < 0) {
        // 0xff cannot occur in UTF-8, so the joined key is unambiguous.
        const separator = Buffer.of(0xff);
        const component = bytes.subarray(componentStart, componentEnd);
        const metric = bytes.subarray(metricStart, metricEnd);
        const unit = bytes.subarray(unitStart, unitEnd);
        return this.#add(hash, Buffer.concat([component, separator, metric, separator, unit]), {
          componentName: component.toString(),
          metricName: metric.toString(),
          unit: unit.toString(),
        });
      }
      if (this.#hashes[index] !== hash) continue;
      if (this.#isKey(index, bytes, componentStart, componentEnd, metricStart, metricEnd, unitStart, unitEnd)) {
        return index;
      }
    }
  }

  #isKey(
    index: number,
    bytes: Buffer,
    componentStart: number,
    componentEnd: number,
    metricStart: number,
    metricEnd: number,
    unitStart: number,
    unitEnd: number,
  ): boolean {
    const key = this.#keys[index];
    const metricAt = componentEnd - componentStart + 1;
    const unitAt = metricAt + (metricEnd - metricStart) + 1;
    return (
      key !== undefined &&
      key.length === unitAt + (unitEnd - unitStart) &&
      equalRange(key, 0, bytes, componentStart, componentEnd) &&
      key[metricAt - 1] === 0xff &&
      equalRange(key, metricAt, bytes, metricStart, metricEnd) &&
      key[unitAt - 1] === 0xff &&
      equalRange(key, unitAt, bytes, unitStart, unitEnd)
    );
  }

  #add(hash: number, key: Buffer, series: Series): number {
    const index = this.#free.pop() ?? this.#series.length;
    this.#series[index] = series;
    this.#keys[index] = key;
    if (index >= this.#hashes.length) {
      const hashes = new Int32Array(Math.max(index + 1, this.#hashes.length * 2));
      hashes.set(this.#hashes);
      this.#hashes = hashes;
      const following = new Int32Array(hashes.length);
      following.set(this.#following);
      this.#following = following;
    }
    this.#hashes[index] = hash;
    if (this.#series.length * 2 <= this.#table.length) {
      this.#place(index);
    } else {
      this.#table = new Int32Array(tableLength(this.#series.length)).fill(-1);
      this.#keys.forEach((known, at) => known && this.#place(at));
    }
    return index;
  }

  #place(index: number): void {
    const hash = this.#hashes[index]!;
    const mask = this.#table.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    while (this.#table[slot]! >= 0) slot = (slot + 1) & mask;
    this.#table[slot] = index;
  }
}

/** A power of two, at least twice the series. */
function tableLength(series: number): number {
  return 2 ** Math.ceil(Math.log2(series * 2));
}

function equalRange(key: Uint8Array, keyAt: number, bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start, k = keyAt; at < end; at++, k++) if (key[k] !== bytes[at]) return false;
  return true;
}
