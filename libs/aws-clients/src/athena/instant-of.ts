const TIMESTAMP = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,12}))?(?: ?(\S+))?$/;
const OFFSET = /^([+-])(\d\d):?(\d\d)$/;

/**
 * A timestamp as Athena writes it, as an ISO-8601 instant: three fraction digits, six where there are microseconds.
 * Without a zone it is UTC. Undefined when the text or the zone is unknown.
 *
 * @example instantOf('2024-02-29 12:00:00.000 Europe/Berlin') // '2024-02-29T11:00:00.000Z'
 */
export function instantOf(text: string): string | undefined {
  const match = TIMESTAMP.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const local = new Date(0);
  // Date.UTC takes years below 100 for ones of the 20th century.
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second);
  const offsetMs = offsetOf(match[8] ?? 'UTC', local.getTime());
  if (offsetMs === undefined) return undefined;
  const fraction = (match[7] ?? '').padEnd(6, '0').slice(0, 6);
  const digits = fraction.endsWith('000') ? fraction.slice(0, 3) : fraction;
  return `${new Date(local.getTime() - offsetMs).toISOString().slice(0, -4)}${digits}Z`;
}

/** How far a zone's time of day is ahead of UTC at a local time. */
function offsetOf(zone: string, localMs: number): number | undefined {
  if (/^(?:UTC|GMT|Z|Etc\/UTC)$/.test(zone)) return 0;
  const offset = OFFSET.exec(zone);
  if (offset) return (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) * 60_000;
  try {
    // The offset at the local time taken for UTC is right but near a change of it; the second look is right there too.
    return zoneOffset(zone, localMs - zoneOffset(zone, localMs));
  } catch {
    return undefined;
  }
}

function zoneOffset(zone: string, epochMs: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(epochMs);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = [
    'year',
    'month',
    'day',
    'hour',
    'minute',
    'second',
  ].map((type) => Number(parts.find((part) => part.type === type)?.value));
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(epochMs / 1000) * 1000;
}
