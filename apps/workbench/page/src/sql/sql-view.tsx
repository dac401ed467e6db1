import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { ApiError, type Row } from '../api/ask.js';
import { Card } from '../shared/card.js';
import { DataTable, type TableColumn } from '../shared/data-table.js';
import { formatDuration, plural } from '../shared/format.js';
import { StateOfPanel } from '../shared/state-of-panel.js';
import type { ViewProps } from '../view-props.js';
import { askSql, askTables, type SqlAnswer, type Table } from './ask-sql.js';
import { drawable, ResultChart } from './result-chart.js';
import { type EditorHandle, SqlEditor } from './sql-editor.js';

const EXAMPLES = [
  {
    title: 'Newest windows',
    sql: 'SELECT component_name, metric_name, unit, min_value, avg_value, max_value, from_timestamp\nFROM windowed_metrics_current\nORDER BY from_timestamp DESC\nLIMIT 100',
  },
  {
    title: 'Calls per day',
    sql: 'SELECT report_date, sum(total_requests) AS requests, sum(failed_requests) AS failed\nFROM traffic_reports\nGROUP BY report_date\nORDER BY report_date',
  },
  {
    title: 'Rejected by reason',
    sql: 'SELECT reason, stage, count(*) AS records\nFROM rejected_records\nGROUP BY reason, stage\nORDER BY records DESC',
  },
] as const;

const NO_TABLES: readonly Table[] = [];

/** One SQL statement on the lake, read-only. */
export function SqlView({ state, navigate }: ViewProps) {
  const editor = useRef<EditorHandle>(null);
  const tables = useQuery({ queryKey: ['tables'], queryFn: ({ signal }) => askTables(signal) });
  const running = useRef<AbortController>(null);
  const [answer, setAnswer] = useState<SqlAnswer>();
  const [error, setError] = useState<Error>();
  const [isRunning, setRunning] = useState(false);

  const run = async (text: string) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    navigate({ sql: text });
    setRunning(true);
    setError(undefined);
    editor.current?.mark();
    try {
      setAnswer(await askSql(text, controller.signal));
    } catch (failure) {
      if (controller.signal.aborted) return;
      setError(failure as Error);
      if (failure instanceof ApiError) editor.current?.mark(failure.position);
    } finally {
      if (running.current === controller) setRunning(false);
    }
  };
  // A shared address shows its result; the statement is only read.
  useEffect(() => {
    if (state.sql !== '') void run(state.sql);
    return () => running.current?.abort();
  }, []);
  const cancel = () => {
    running.current?.abort();
    setRunning(false);
  };
  return (
    <div className="sql-view">
      <Card title="Tables" kind="sql-tables">
        <StateOfPanel query={tables}>
          {(data) => <Tables tables={data.tables} onInsert={(text) => editor.current?.insert(text)} />}
        </StateOfPanel>
      </Card>
      <div className="stack">
        <Card title="Statement" note="read-only; Ctrl-Enter runs it">
          <SqlEditor
            ref={editor}
            initial={state.sql === '' ? EXAMPLES[0].sql : state.sql}
            tables={tables.data?.tables ?? NO_TABLES}
            onRun={(text) => void run(text)}
          />
          <div className="sql-actions">
            <button
              type="button"
              className="primary"
              disabled={isRunning}
              onClick={() => void run(editor.current!.text())}
            >
              {isRunning ? 'Running …' : 'Run'}
            </button>
            {isRunning && (
              <button type="button" className="quiet" onClick={cancel}>
                Cancel
              </button>
            )}
            <span className="muted">Examples:</span>
            {EXAMPLES.map(({ title, sql }) => (
              <button
                key={title}
                type="button"
                className="quiet"
                onClick={() => {
                  editor.current!.replace(sql);
                  void run(sql);
                }}
              >
                {title}
              </button>
            ))}
          </div>
          {error && (
            <p className="notice is-error" role="alert">
              {error instanceof ApiError && error.position
                ? `Line ${error.position.line}, column ${error.position.column}: `
                : ''}
              {error.message}
            </p>
          )}
        </Card>
        {answer && !error && <Result answer={answer} />}
      </div>
    </div>
  );
}

function Tables({
  tables,
  onInsert,
}: {
  readonly tables: readonly Table[];
  readonly onInsert: (text: string) => void;
}) {
  return (
    <>
      {tables.map(({ name, description, columns }) => (
        <details key={name}>
          <summary title={description}>{name}</summary>
          <ul>
            {columns.map((column) => (
              <li key={column.name}>
                <button type="button" className="link" title={column.description} onClick={() => onInsert(column.name)}>
                  {column.name}
                </button>
                <span className="muted">{column.type}</span>
              </li>
            ))}
          </ul>
          <button type="button" className="quiet" onClick={() => onInsert(name)}>
            Insert the name
          </button>
        </details>
      ))}
    </>
  );
}

function Result({ answer }: { readonly answer: SqlAnswer }) {
  const { columns, rows, truncated, ms } = answer;
  const drawn = useMemo(() => drawable(answer), [answer]);
  const asRows = useMemo(
    () => rows.map((row): Row => Object.fromEntries(row.map((value, index) => [String(index), value]))),
    [rows],
  );
  const shown: TableColumn[] = columns.map(({ name }, index) => ({
    name: String(index),
    title: name,
    unit: rows.some((row) => typeof row[index] === 'number') ? NUMBER : 'text',
  }));
  const note = `${plural(rows.length, 'row')} in ${formatDuration(ms)}${truncated ? '; there are more: add a LIMIT or aggregate' : ''}`;
  return (
    <>
      {drawn && (
        <Card title="Chart" note="numbers over the first column of times">
          <ResultChart drawn={drawn} />
        </Card>
      )}
      <Card title="Result" note={note}>
        <DataTable
          key={JSON.stringify(columns)}
          id="result"
          caption="Result"
          columns={shown}
          rows={asRows}
          empty="No row."
          filters
          file="result.csv"
        />
      </Card>
    </>
  );
}

/** Shown with four digits: the column of the unit is never there, and the number stands for itself. */
const NUMBER = { column: '' };
