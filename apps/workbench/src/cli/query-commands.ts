import type { QueryEngine, QueryResult, QueryValue } from '@pulselake/dashboards';
import { Option, type Command } from 'commander';
import { dayArgument, wholeNumber } from './arguments.js';
import type { CommandContext } from './context.js';
import { count, csvField, table } from './format.js';
import { openEngine } from './open-engine.js';
import type { Run } from './run-command.js';
import { runsTable } from './runs-table.js';
import { addAthenaOptions, queryAthena, refuseAthenaOptions } from './sql-athena.js';

/** `sql`, `report`, `runs`. */
export function addQueryCommands(program: Command, run: Run): void {
  const sql = program
    .command('sql <query>')
    .description('run one read-only SQL query on the lake: here (DuckDB), or on AWS (Athena)')
    .addOption(
      new Option('--format <format>', 'how to print the result').choices(['table', 'csv', 'json']).default('table'),
    )
    .option('--max-rows <n>', 'most rows', wholeNumber(1, 50_000_000), 1_000_000)
    .addOption(new Option('--engine <engine>', 'what runs the query').choices(['duckdb', 'athena']).default('duckdb'));
  addAthenaOptions(sql).action(
    run(async (context, [query], options) => {
      const result =
        options['engine'] === 'athena'
          ? await queryAthena(context, query as string, options)
          : await queryLake(context, query as string, options);
      const format = context.options.json ? 'json' : (options['format'] as string);
      context.io.stdout.write(`${render(result, format).join('\n')}\n`);
      return 0;
    }),
  );
  program
    .command('report')
    .description('the service-to-service traffic of a day, and what changed since another')
    .option('--date <day>', 'UTC day; default: the last day that has a report', dayArgument)
    .option('--compare <day>', 'another day to compare with', dayArgument)
    .action(
      run(async (context, _args, options) => {
        const document = await withEngine(context, async (engine) => {
          const day = (options['date'] as string | undefined) ?? (await lastDay(engine));
          if (day === undefined) return undefined;
          const compare = options['compare'] as string | undefined;
          const rows = await pairsOf(engine, day);
          return {
            date: day,
            rows,
            ...(compare !== undefined && { compare, changes: changes(await pairsOf(engine, compare), rows) }),
          };
        });
        if (!document) {
          context.result({ rows: [] }, ['No traffic report yet. Make one: pulselake ingest logs FILES…']);
          return 0;
        }
        const { date, rows } = document;
        const lines =
          rows.length === 0
            ? [`No calls between services on ${date}.`]
            : [
                `Traffic of ${date}`,
                ...table(
                  ['source', 'target', 'requests', 'failed'],
                  rows.map((row) => [row.source, row.target, row.totalRequests, row.failedRequests]),
                ),
              ];
        if (document.changes) {
          const header = ['source', 'target', 'change', 'requests before', 'requests'];
          const rowsChanged = document.changes.map((row) => [
            row.source,
            row.target,
            row.change,
            row.before,
            row.after,
          ]);
          lines.push(
            '',
            `Since ${document.compare}`,
            ...(rowsChanged.length > 0 ? table(header, rowsChanged) : ['Nothing changed.']),
          );
        }
        context.result(document, lines);
        return 0;
      }),
    );
  program
    .command('runs')
    .description('the ledger: what each run read, and where it went')
    .option('--limit <n>', 'show the last n runs', wholeNumber(1, 1_000_000), 20)
    .action(
      run(async (context, _args, options) => {
        const lake = await context.openLake(false, { readsOnly: true });
        const { runs, damaged } = await lake.ledger();
        const shown = runs.slice(-(options['limit'] as number));
        context.result({ runs: shown, damaged }, runsTable(shown, runs.length));
        return 0;
      }),
    );
}

function queryLake(
  context: CommandContext,
  query: string,
  options: Readonly<Record<string, unknown>>,
): Promise<QueryResult> {
  refuseAthenaOptions(options);
  const maxRows = options['maxRows'] as number;
  return withEngine(context, (engine) => engine.query(query, { maxRows, signal: context.io.signal }));
}

async function withEngine<T>(context: CommandContext, work: (engine: QueryEngine) => Promise<T>): Promise<T> {
  const lake = await context.openLake(false, { readsOnly: true });
  const engine = await openEngine(lake.root);
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

function render({ columns, rows }: QueryResult, format: string): string[] {
  const names = columns.map(({ name }) => name);
  if (format === 'json') {
    return [
      JSON.stringify(
        rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index]]))),
        undefined,
        2,
      ),
    ];
  }
  if (format === 'csv') return [names, ...rows].map((row) => row.map(csvField).join(','));
  return [...table(names, rows), `(${count(rows.length)} rows)`];
}

interface Pair {
  readonly source: string;
  readonly target: string;
  readonly totalRequests: number;
  readonly failedRequests: number;
}

async function lastDay(engine: QueryEngine): Promise<string | undefined> {
  const { rows } = await engine.query('SELECT max(report_date) FROM traffic_reports');
  return (rows[0]?.[0] as string | null) ?? undefined;
}

async function pairsOf(engine: QueryEngine, day: string): Promise<Pair[]> {
  const { rows } = await engine.query(
    `SELECT source, target, total_requests, failed_requests FROM traffic_reports WHERE report_date = '${day}' ORDER BY total_requests DESC, source, target`,
  );
  return rows.map(([source, target, totalRequests, failedRequests]: readonly QueryValue[]) => ({
    source: source as string,
    target: target as string,
    totalRequests: totalRequests as number,
    failedRequests: failedRequests as number,
  }));
}

interface Change {
  readonly source: string;
  readonly target: string;
  readonly change: 'new' | 'vanished' | 'more' | 'fewer';
  readonly before: number;
  readonly after: number;
}

/** Pairs that appeared, vanished or changed, the largest change first. */
function changes(before: readonly Pair[], after: readonly Pair[]): Change[] {
  const keyOf = (pair: Pair) => JSON.stringify([pair.source, pair.target]);
  const earlier = new Map(before.map((pair) => [keyOf(pair), pair]));
  const later = new Map(after.map((pair) => [keyOf(pair), pair]));
  return [...new Map([...earlier, ...later]).entries()]
    .map(([key, { source, target }]): Change => {
      const from = earlier.get(key)?.totalRequests ?? 0;
      const to = later.get(key)?.totalRequests ?? 0;
      const change = !earlier.has(key) ? 'new' : !later.has(key) ? 'vanished' : to > from ? 'more' : 'fewer';
      return { source, target, change, before: from, after: to };
    })
    .filter((row) => row.before !== row.after)
    .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before));
}
