/** What a metric's values are kept apart by. */
export interface Series {
  readonly componentName: string;
  readonly metricName: string;
  readonly unit: string;
}

/**
 * Gives each distinct (component, metric, unit) a small index.
 *
 * Parsers look series up by their bytes, so that a line of a known series makes no JavaScript string.
 */
export class SeriesTable {
  readonly #series: Series[] = [];
  readonly #keys: Buffer[] = [];
  #hashes = new Int32Array(64);
  #table = new Int32Array(128).fill(-1);

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
        this.#keys.push(Buffer.concat([component, separator, metric, separator, unit]));
        return this.#add(hash, {
          componentName: component.toString(),
          metricName: metric.toString(),
          unit: unit.toString(),
        });
      }
      if (this.#hashes[index] !== hash) continue;
      const key = this.#keys[index]!;
      const metricAt = componentEnd - componentStart + 1;
      const unitAt = metricAt + (metricEnd - metricStart) + 1;
      if (
        key.length === unitAt + (unitEnd - unitStart) &&
        equalRange(key, 0, bytes, componentStart, componentEnd) &&
        key[metricAt - 1] === 0xff &&
        equalRange(key, metricAt, bytes, metricStart, metricEnd) &&
        key[unitAt - 1] === 0xff &&
        equalRange(key, unitAt, bytes, unitStart, unitEnd)
      ) {
        return index;
      }
    }
  }

  #add(hash: number, series: Series): number {
    const index = this.#series.length;
    this.#series.push(series);
    if (index >= this.#hashes.length) {
      const hashes = new Int32Array(this.#hashes.length * 2);
      hashes.set(this.#hashes);
      this.#hashes = hashes;
    }
    this.#hashes[index] = hash;
    if (this.#series.length * 2 <= this.#table.length) {
      this.#place(index);
    } else {
      this.#table = new Int32Array(this.#table.length * 2).fill(-1);
      for (let known = 0; known <= index; known++) this.#place(known);
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

function equalRange(key: Uint8Array, keyAt: number, bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start, k = keyAt; at < end; at++, k++) if (key[k] !== bytes[at]) return false;
  return true;
}
