import type { QueryEngine, QueryOptions, QueryResult } from '@pulselake/dashboards';

/** Answers every query with the same result and remembers what it was asked. */
export function fakeQueryEngine(answer: () => QueryResult | Promise<QueryResult>): FakeQueryEngine {
  const asked: { sql: string; options: QueryOptions | undefined }[] = [];
  return {
    asked,
    query: async (sql, options) => {
      asked.push({ sql, options });
      return answer();
    },
    close: async () => Promise.resolve(),
  };
}

export interface FakeQueryEngine extends QueryEngine {
  readonly asked: readonly { readonly sql: string; readonly options: QueryOptions | undefined }[];
}
