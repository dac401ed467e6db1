/** What one request may hold. */
export interface PutRecordsQuota {
  /** At most, and at least 1. */
  readonly maxRecords: number;
  /** Data and keys together. */
  readonly maxRequestBytes: number;
  /** Data and key of one record. */
  readonly maxRecordBytes: number;
  /** Records of the same key in one request, at least 1; `Infinity` for no bound. */
  readonly maxRecordsPerKey: number;
}

/**
 * The quotas of PutRecords, for a stream whose record limit was not raised.
 *
 * @see https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
 */
export const PUT_RECORDS_QUOTA: PutRecordsQuota = {
  maxRecords: 500,
  maxRequestBytes: 10 * 1_048_576,
  maxRecordBytes: 1_048_576,
  maxRecordsPerKey: Infinity,
};

/** What the plan looks at. */
export interface SizedRecord {
  readonly partitionKey: string;
  /** Data and key. */
  readonly sizeBytes: number;
}

/** Records as requests that the service takes. */
export interface PutRecordsPlan<T extends SizedRecord> {
  /** To be sent one after the other. */
  readonly requests: readonly (readonly T[])[];
  /** Records that no request takes. */
  readonly tooLarge: readonly T[];
}

/**
 * Splits `records` into requests within the quotas. Pure.
 *
 * Records of one partition key keep their order, within a request and from one request to the next.
 */
export function planPutRecords<T extends SizedRecord>(
  records: readonly T[],
  { maxRecords, maxRequestBytes, maxRecordBytes, maxRecordsPerKey }: PutRecordsQuota,
): PutRecordsPlan<T> {
  const requests: { records: T[]; sizeBytes: number; perKey: Map<string, number> }[] = [];
  const tooLarge: T[] = [];
  /** By key, the request that holds its last record: none goes into an earlier one. */
  const lastOf = new Map<string, number>();
  const isKeyBound = maxRecordsPerKey !== Infinity;
  for (const record of records) {
    const { partitionKey: key, sizeBytes } = record;
    if (sizeBytes > maxRecordBytes || sizeBytes > maxRequestBytes) {
      tooLarge.push(record);
      continue;
    }
    // Without a bound on keys only the last request is open, so the order of all records is kept.
    let at = isKeyBound ? (lastOf.get(key) ?? 0) : Math.max(0, requests.length - 1);
    for (; at < requests.length; at++) {
      const request = requests[at]!;
      const fits = request.records.length < maxRecords && request.sizeBytes + sizeBytes <= maxRequestBytes;
      if (fits && (!isKeyBound || (request.perKey.get(key) ?? 0) < maxRecordsPerKey)) break;
    }
    const request = (requests[at] ??= { records: [], sizeBytes: 0, perKey: new Map() });
    request.records.push(record);
    request.sizeBytes += sizeBytes;
    if (isKeyBound) {
      request.perKey.set(key, (request.perKey.get(key) ?? 0) + 1);
      lastOf.set(key, at);
    }
  }
  return { requests: requests.map((request) => request.records), tooLarge };
}
