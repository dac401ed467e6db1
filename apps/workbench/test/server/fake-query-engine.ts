import type { QueryOptions, QueryResult, StreamingQueryEngine } from '@pulselake/dashboards';

/** Answers every query with the same result and remembers what it was asked. */
export function fakeQueryEngine(answer: () => QueryResult | Promise<QueryResult>): FakeQueryEngine {
  const asked: { sql: string; options: QueryOptions | undefined }[] = [];
  const query = async (sql: string, options?: QueryOptions) => {
    asked.push({ sql, options });
    return answer();
  };
  return {
    asked,
    query,
    stream: async function* (sql, options) {
      yield await query(sql, options);
    },
    close: async () => Promise.resolve(),
  };
}

export interface FakeQueryEngine extends StreamingQueryEngine {
  readonly asked: readonly { readonly sql: string; readonly options: QueryOptions | undefined }[];
}
