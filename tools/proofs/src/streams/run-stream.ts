import { formatInstant } from '@pulselake/data-model';
import { MetricEventParser, SeriesTable, WindowAggregator, type WindowResult } from '@pulselake/processing';
import { StreamWindows } from 'pulselake';
import type { AnyStream, StreamStep } from './any-stream.js';
import { isSum, type ModelWindow, ModelWindows, type StreamEvent } from './model-windows.js';

/** How often each outcome was met: a proof that never sees a late event proves nothing of late events. */
export type Tally = Map<string, number>;

function tell(tally: Tally, what: string, times = 1): void {
  tally.set(what, (tally.get(what) ?? 0) + times);
}

function lineOf({ series, timestampMs, value, id }: StreamEvent): string {
  return JSON.stringify({
    componentName: series,
    metricName: 'cpu',
    unit: 'percent',
    value,
    publicationTimestamp: formatInstant(timestampMs),
    ...(id !== undefined && { eventId: id }),
  });
}

const keyOf = (series: SeriesTable, window: WindowResult) =>
  ModelWindows.key(series.get(window.series).componentName, window.fromMs);

/** What is wrong with a written window, held against the model's of the same revision. */
function windowFault(key: string, window: WindowResult, model: ModelWindow | undefined): string | undefined {
  const same =
    model !== undefined &&
    window.minValue === model.minValue &&
    window.maxValue === model.maxValue &&
    window.sampleCount === model.sampleCount &&
    isSum(window.sumValue, model);
  return same ? undefined : `window ${key} is ${JSON.stringify(window)}, by the model ${JSON.stringify(model)}`;
}

/**
 * Sends a stream of several shards through the aggregator, event by event.
 *
 * @returns what differs from the model, `undefined` when nothing does
 */
export function runAggregator({ settings, shards, startMs, steps }: AnyStream, tally: Tally): string | undefined {
  const series = new SeriesTable();
  const written = new Map<string, WindowResult[]>();
  const aggregator = new WindowAggregator({
    settings,
    mode: 'streaming',
    series,
    onWindow: (window) => {
      const key = keyOf(series, window);
      written.set(key, [...(written.get(key) ?? []), window]);
    },
  });
  const inputs = Array.from({ length: shards }, () => aggregator.openInput(startMs));
  const model = new ModelWindows(settings, shards, startMs);
  for (const [index, step] of steps.entries()) {
    if (step.kind === 'torn') continue;
    if (step.kind === 'clock') {
      aggregator.advanceClock(step.atMs);
      model.pass(step.atMs);
      continue;
    }
    const parser = new MetricEventParser({
      series,
      onRejected: ({ reason }) => {
        throw new Error(`A good event is rejected as ${reason}.`);
      },
      onEvent: (event) => {
        const outcome = aggregator.add(inputs[step.shard]!, event, step.atMs);
        const expected = model.add(step.shard, step.event, step.atMs);
        tell(tally, outcome);
        if (outcome !== expected) throw new Error(`Event ${index} is ${outcome}, by the model ${expected}.`);
      },
    });
    parser.push(Buffer.from(`${lineOf(step.event)}\n`));
    if (aggregator.openEvents !== model.open)
      return `${aggregator.openEvents} events are open, by the model ${model.open}`;
  }
  aggregator.finish();
  model.end();
  for (const key of new Set([...written.keys(), ...model.written.keys()])) {
    const [own, expected] = [written.get(key) ?? [], model.written.get(key) ?? []];
    tell(tally, 'correction', Math.max(own.length - 1, 0));
    if (own.length !== expected.length)
      return `window ${key}: ${own.length} revisions, by the model ${expected.length}`;
    for (const [revision, window] of own.entries()) {
      if (window.revision !== revision) return `window ${key}: revision ${window.revision} comes as number ${revision}`;
      const fault = windowFault(key, window, expected[revision]);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

/** How the bytes of a stream arrive, and when its results are taken. */
export interface Delivery {
  /** Lines that come with the next one, at its time. */
  readonly joined: ReadonlySet<number>;
  /** How much of a line comes with the batch before, as shares of its length. */
  readonly cuts: readonly number[];
  /** After which steps the results are taken. */
  readonly takes: ReadonlySet<number>;
  /** After which steps another one goes on from the state, as after a crash. */
  readonly resumes: ReadonlySet<number>;
}

type LineStep = Exclude<StreamStep, { kind: 'clock' }>;

/** Lines that arrive together. */
interface Batch {
  readonly atMs: number;
  readonly lines: readonly LineStep[];
  /** The last step of it. */
  readonly step: number;
}

function batchesOf({ steps }: AnyStream, { joined }: Delivery): Batch[] {
  const batches: Batch[] = [];
  let waiting: LineStep[] = [];
  for (const [index, step] of steps.entries()) {
    if (step.kind !== 'clock') waiting.push(step);
    const next = steps[index + 1];
    if (step.kind !== 'clock' && joined.has(index) && next !== undefined && next.kind !== 'clock') continue;
    batches.push({ atMs: step.atMs, lines: waiting, step: index });
    waiting = [];
  }
  return batches;
}

function bytesOf({ lines, step }: Batch): Buffer {
  const lineEnd = step % 3 === 0 ? '\r\n' : '\n';
  return Buffer.from(
    lines.map((line) => `${line.kind === 'torn' ? line.text : lineOf(line.event)}${lineEnd}`).join(''),
  );
}

/**
 * Sends a stream of one shard through all of what a live stream goes through before it is committed, as bytes cut
 * anywhere.
 *
 * @returns what differs from the model, `undefined` when nothing does
 */
export function runStreamWindows(stream: AnyStream, delivery: Delivery, tally: Tally): string | undefined {
  let windows = StreamWindows.start(stream.settings, stream.startMs);
  const model = new ModelWindows(stream.settings, 1, stream.startMs);
  const check = new StreamCheck(model, tally);
  const batches = batchesOf(stream, delivery);
  let sent = 0;
  for (const [index, batch] of batches.entries()) {
    if (batch.lines.length === 0) {
      windows.advanceClock(batch.atMs);
      model.pass(batch.atMs);
      sent = 0;
    } else {
      const next = batches[index + 1];
      const bytes = next && next.lines.length > 0 ? bytesOf(next) : Buffer.alloc(0);
      // Less than the first line, whose end is what makes it arrive.
      const ahead = bytes.subarray(
        0,
        Math.floor(bytes.indexOf('\n') * (delivery.cuts[index % delivery.cuts.length] ?? 0)),
      );
      windows.push(Buffer.concat([bytesOf(batch).subarray(sent), ahead]), batch.atMs);
      sent = ahead.length;
      for (const line of batch.lines) check.expect(line, batch.atMs);
    }
    const fault = delivery.takes.has(batch.step) ? check.take(windows) : undefined;
    if (fault !== undefined) return `after step ${batch.step}: ${fault}`;
    if (delivery.resumes.has(batch.step)) {
      const state = JSON.parse(JSON.stringify(windows.state())) as ReturnType<StreamWindows['state']>;
      windows = StreamWindows.resume(stream.settings, state);
    }
  }
  windows.finish();
  model.end();
  return check.take(windows) ?? check.end();
}

/** Holds what a stream gives against the model, as often as it is asked. */
class StreamCheck {
  readonly #latest = new Map<string, WindowResult>();
  readonly #reasons = new Map<number, string>();
  readonly #expected = new Map<number, string>();
  #lines = 0;
  #duplicates = 0;

  constructor(
    private readonly model: ModelWindows,
    private readonly tally: Tally,
  ) {}

  /** Says that a line has arrived. */
  expect(step: LineStep, atMs: number): void {
    this.#lines++;
    const outcome = step.kind === 'torn' ? 'torn' : this.model.add(0, step.event, atMs);
    tell(this.tally, outcome);
    if (outcome === 'duplicate') this.#duplicates++;
    else if (outcome !== 'accepted') this.#expected.set(this.#lines, outcome);
  }

  /** Takes the results. What is taken balances at every moment, as it is committed. */
  take(stream: StreamWindows): string | undefined {
    const { account, series, windows: due, rejected } = stream.takeResults();
    for (const window of due) {
      const key = keyOf(series, window);
      const fault = windowFault(key, window, this.model.written.get(key)?.[window.revision]);
      if (fault !== undefined) return fault;
      if (window.revision <= (this.#latest.get(key)?.revision ?? -1)) return `window ${key} goes back`;
      this.#latest.set(key, window);
    }
    for (const { line, reason } of rejected) this.#reasons.set(line, reason);
    const samples = [...this.#latest.values()].reduce((sum, { sampleCount }) => sum + sampleCount, 0);
    const { read, accepted, duplicate, open } = account;
    const holds =
      read === this.#lines &&
      duplicate === this.#duplicates &&
      accepted + duplicate + this.#reasons.size === read &&
      samples + open === accepted &&
      open === this.model.open;
    return holds ? undefined : `${this.#lines} lines, ${samples} samples written: ${JSON.stringify(account)}`;
  }

  /** What is missing or too much after the end. */
  end(): string | undefined {
    for (const [key, revisions] of this.model.written) {
      tell(this.tally, 'correction', revisions.length - 1);
      const revision = this.#latest.get(key)?.revision ?? -1;
      if (revision !== revisions.length - 1)
        return `window ${key} ends with revision ${revision} of ${revisions.length}`;
    }
    if (this.#latest.size !== this.model.written.size) return 'there are windows that the model does not have';
    for (const line of new Set([...this.#reasons.keys(), ...this.#expected.keys()])) {
      const [own, expected] = [this.#reasons.get(line) ?? 'taken', this.#expected.get(line) ?? 'taken'];
      const agrees = expected === 'torn' ? !['taken', 'late', 'future'].includes(own) : own === expected;
      if (!agrees) return `line ${line} is ${own}, by the model ${expected}`;
    }
    return undefined;
  }
}
