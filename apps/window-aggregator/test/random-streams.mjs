// Prints random streams and what WindowAggregator makes of them, one JSON document a line: the Java tests put the same
// streams through the Flink operators. Arguments: seed, number of streams.
import { Buffer } from 'node:buffer';
import process from 'node:process';
import { MetricEventParser, rejectedEvent, SeriesTable, WindowAggregator } from '@pulselake/processing';

const [seed, count] = process.argv.slice(2).map(Number);
const START_MS = Date.parse('2024-05-01T12:00:00Z');

/** Mulberry32. */
function randomOf(start) {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function streamOf(random) {
  const int = (least, most) => least + Math.floor(random() * (most - least + 1));
  const pick = (values) => values[int(0, values.length - 1)];
  const settings = {
    windowSizeSeconds: pick([7, 60, 300]),
    outOfOrdernessSeconds: pick([0, 5, 30]),
    idleTimeoutSeconds: pick([1, 15, 60]),
    allowedLatenessSeconds: pick([0, 45, 600]),
    maxFutureSkewSeconds: pick([0, 300]),
  };
  const shards = int(1, 3);
  const paceMs = settings.windowSizeSeconds * pick([10, 50, 500]);
  const steps = [];
  let atMs = START_MS;
  for (let step = int(0, 60); step > 0; step--) {
    atMs += pick([0, int(0, paceMs), int(0, paceMs), int(0, paceMs), int(0, 4 * paceMs), int(0, 30 * paceMs)]);
    if (random() < 0.15) steps.push({ atMs });
    else
      steps.push({ atMs, shard: `shard-${int(1, shards)}`, record: recordOf(atMs, { settings, int, pick, random }) });
  }
  return { settings, startMs: START_MS, steps };
}

function recordOf(atMs, { settings, int, pick, random }) {
  const heldMs = (settings.windowSizeSeconds + settings.outOfOrdernessSeconds + settings.allowedLatenessSeconds) * 1000;
  if (random() < 0.08) return pick(['{', '[1]', 'null', '{"componentName":"a"} x', '{"value":1}', '"text"']);
  const lagMs =
    random() < 0.02 ? int(-400_000, 0) : pick([int(0, 1_000), int(0, 1_000), int(0, heldMs), int(0, 2 * heldMs)]);
  const event = {
    componentName: pick(['cart', 'cart', 'größe 🚀"\\']),
    metricName: pick(['latency', 'latency', 'errors']),
    unit: pick(['ms', 'ms', 'ms', '%']),
    value: pick([int(-9, 9), random() * 10 ** int(-20, 20), -random(), 0.1, 1e300, 5e-324]),
    publicationTimestamp: new Date(atMs - lagMs).toISOString(),
  };
  if (random() < 0.5) event.eventId = `e${int(1, 4)}`;
  const fault = random();
  if (fault < 0.02) delete event.unit;
  else if (fault < 0.04) event.value = '1';
  else if (fault < 0.06) event.publicationTimestamp = pick([1714564800, '2024-02-30T00:00:00Z', 'now']);
  else if (fault < 0.08) event.componentName = 'x'.repeat(129);
  const text = JSON.stringify(event);
  return random() < 0.02 ? text.replace(/"value":[^,]+/, '"value":1e999') : text;
}

function resultOf({ settings, steps, startMs }) {
  const series = new SeriesTable();
  const windows = [];
  const rejected = [];
  const counts = { read: 0, accepted: 0, duplicate: 0 };
  const aggregator = new WindowAggregator({
    settings,
    mode: 'streaming',
    series,
    onWindow: ({ series: index, ...window }) => windows.push({ ...series.get(index), ...window }),
  });
  const inputs = new Map();
  let clockMs = startMs;
  let shard;
  let nowMs;
  const hasWindow = (timestampMs) => {
    const lastInstant = aggregator.windowEnd(timestampMs) - 1;
    const isLate = lastInstant + settings.allowedLatenessSeconds * 1000 <= aggregator.watermarkMs;
    return !isLate && timestampMs <= nowMs + settings.maxFutureSkewSeconds * 1000;
  };
  const parser = new MetricEventParser({
    series,
    onRejected: ({ reason, raw }) => rejected.push({ reason, raw }),
    onEvent: (event) => {
      // The Flink job learns of a shard by the first event of it that has a window.
      if (!inputs.has(shard) && hasWindow(event.timestampMs)) inputs.set(shard, aggregator.openInput(nowMs));
      const outcome = aggregator.add(inputs.get(shard), event, nowMs);
      if (outcome === 'accepted' || outcome === 'duplicate') counts[outcome]++;
      else {
        const { reason, raw } = rejectedEvent(outcome, event, series);
        rejected.push({ reason, raw });
      }
    },
  });
  for (const step of steps) {
    for (; clockMs <= step.atMs; clockMs += 1000) aggregator.advanceClock(clockMs);
    if (step.record === undefined) continue;
    ({ shard, atMs: nowMs } = step);
    counts.read++;
    parser.push(Buffer.from(`${step.record}\n`));
  }
  const open = aggregator.openEvents;
  aggregator.finish();
  return { windows, rejected, counts: { ...counts, open } };
}

const random = randomOf(seed);
for (let stream = 0; stream < count; stream++) {
  const input = streamOf(random);
  process.stdout.write(`${JSON.stringify({ ...input, expected: resultOf(input) })}\n`);
}
