import { endsOf, navigate } from './address.js';
import { askPanel } from './api.js';
import { balanceList } from './balance-list.js';
import { card, el, figures } from './dom.js';
import { emptyNotice } from './empty.js';
import { formatAge, formatCount, formatDay, formatDayAndTime, formatDuration, plural } from './format.js';
import { rangeBar } from './range-bar.js';
import { sortableTable } from './table.js';

const UID = 'pulselake-health';

/** Why records are rejected, in words. */
const REASONS = {
  'bad-encoding': 'not UTF-8',
  'too-long': 'longer than allowed',
  malformed: 'not in its format',
  'unparsed-line': 'a log line of no known shape',
  'missing-field': 'a required field is missing',
  'wrong-type': 'a field of another type',
  'bad-timestamp': 'a time that cannot be read',
  'not-finite': 'not a finite number',
  'min-above-max': 'minimum above maximum',
  'empty-window': 'ends before it starts',
  future: 'ahead of the clock',
  late: 'after its window was let go',
};

/** The view of the ledger. */
export function createHealthView() {
  const range = rangeBar();
  const content = el('div', { class: 'stack' });

  async function update(state, signal) {
    const ends = endsOf(state.range);
    range.update(state.range);
    const variables = state.reason.length > 0 ? { reason: state.reason } : {};
    const request = { uid: UID, ...ends, variables, signal };
    const [overview, freshness, balance, reasons, examples, runs] = await Promise.all([
      askPanel({ ...request, panel: 'overview' }),
      askPanel({ ...request, panel: 'freshness' }),
      askPanel({ ...request, panel: 'balance' }),
      askPanel({ ...request, panel: 'rejected-by-reason' }),
      askPanel({ ...request, panel: 'rejected-examples' }),
      askPanel({ ...request, panel: 'runs' }),
    ]);
    if (Number(overview.runs.rows[0].runs) === 0 && reasons.reasons.rows.length === 0) {
      const hint = 'Every run of the pipelines is listed here.';
      content.replaceChildren(await emptyNotice({ uid: UID, what: 'runs', hint, ends, signal }));
      return;
    }
    content.replaceChildren(
      overviewCard(overview),
      el(
        'div',
        { class: 'thirds' },
        card(
          {
            title: 'Where every record went',
            note: 'by stage',
            description: 'Read = accepted + duplicate + external + out of range + rejected',
          },
          balanceList(balance.balance.rows),
        ),
        freshnessCard(freshness),
        reasonsCard(reasons.reasons.rows, state.reason),
      ),
      runsCard(runs.runs),
      examplesCard(examples.examples, state.reason),
    );
  }

  return {
    element: el(
      'div',
      { class: 'stack' },
      el('div', { class: 'toolbar' }, range.element, el('span', { class: 'toolbar-note' }, 'Times in UTC')),
      content,
    ),
    update,
    dispose: () => undefined,
  };
}

function overviewCard({ runs, late }) {
  const row = runs.rows[0];
  const unaccounted = Number(row.unaccounted);
  const failed = Number(row.failed_runs);
  return el(
    'div',
    { class: 'card glance' },
    figures([
      {
        label: 'Runs',
        value: formatCount(row.runs),
        note: failed > 0 ? `${formatCount(failed)} failed` : 'none failed',
        noteTone: failed > 0 ? 'bad-text' : undefined,
      },
      { label: 'Records read', value: formatCount(row.read) },
      { label: 'Rejected', value: formatCount(row.rejected), tone: Number(row.rejected) > 0 ? 'is-notable' : '' },
      { label: 'Late events', value: formatCount(late.rows[0].late), note: 'kept for redrive' },
      { label: 'Windows corrected', value: formatCount(row.windows_corrected) },
      {
        label: 'Unaccounted for',
        value: formatCount(unaccounted),
        note: unaccounted === 0 ? 'the books balance' : 'run pulselake verify',
        tone: unaccounted === 0 ? 'is-good' : 'is-bad',
      },
    ]),
  );
}

function freshnessCard({ windows, reports, runs }) {
  const line = (name, detail, value, title) =>
    el('li', {}, el('span', {}, name, el('small', {}, detail)), el('span', { class: 'metric-range', title }, value));
  const day = reports.rows[0]?.latest_day;
  return card(
    { title: 'Freshness', note: 'newest in range' },
    el(
      'ul',
      { class: 'service-metrics' },
      ...windows.rows.map((row) =>
        line(
          `Windows · ${row.source}`,
          ` ${plural(row.windows, 'window')}`,
          `${formatAge(Date.parse(row.latest))}`,
          `${formatDayAndTime(Date.parse(row.latest))} UTC`,
        ),
      ),
      day ? line('Traffic report', '', formatDay(day), day) : '',
      ...runs.rows.map((row) =>
        line(
          row.stage,
          row.last_status === 'failed' ? ' last run failed' : ` ${plural(row.runs, 'run')}`,
          row.last_finished ? formatAge(Date.parse(row.last_finished)) : 'running',
          row.last_finished ? `${formatDayAndTime(Date.parse(row.last_finished))} UTC` : '',
        ),
      ),
    ),
  );
}

function reasonsCard(rows, chosen) {
  const byReason = new Map();
  for (const { reason, stage, records } of rows) {
    const entry = byReason.get(reason) ?? { records: 0, stages: [] };
    byReason.set(reason, { records: entry.records + Number(records), stages: [...entry.stages, stage] });
  }
  const most = Math.max(...[...byReason.values()].map(({ records }) => records), 1);
  const entries = [...byReason].sort(([, a], [, b]) => b.records - a.records);
  return card(
    { title: 'Rejected by reason', note: rows.length === 0 ? '' : 'choose one for its examples' },
    rows.length === 0
      ? el('p', { class: 'muted card-text' }, 'No record was rejected.')
      : el(
          'ul',
          { class: 'reasons' },
          ...entries.map(([reason, { records, stages }]) => {
            const bar = el('span', { class: 'reason-bar' });
            bar.style.width = `${Math.max(0.5, (records / most) * 100)}%`;
            const isChosen = chosen.includes(reason);
            return el(
              'li',
              {},
              el(
                'button',
                {
                  type: 'button',
                  'aria-pressed': String(isChosen),
                  title: stages.join(', '),
                  onclick: () => navigate({ reason: isChosen ? [] : [reason] }),
                },
                el('span', { class: 'reason-name' }, reason, el('small', {}, REASONS[reason] ?? '')),
                el('span', { class: 'reason-track' }, bar),
                el('span', { class: 'reason-count' }, formatCount(records)),
              ),
            );
          }),
        ),
  );
}

function runsCard({ columns, rows }) {
  const hidden = ['finished_at', 'duplicate', 'external', 'out_of_range', 'unaccounted', 'run_id'];
  const renderers = {
    started_at: (row) =>
      el('span', { class: 'instant', title: row.run_id }, formatDayAndTime(Date.parse(row.started_at))),
    status: (row) =>
      el(
        'span',
        { class: `badge is-${['succeeded', 'failed', 'running'].includes(row.status) ? row.status : ''}` },
        row.status,
      ),
    error: (row) => (row.error ? el('span', { class: 'error-text', title: row.error }, row.error) : ''),
  };
  const shown = columns
    .filter(({ name }) => !hidden.includes(name))
    .map((column) => ({ ...column, render: renderers[column.name] }));
  const length = {
    name: 'duration',
    title: 'Took',
    unit: 'milliseconds',
    render: (row) => (row.duration === null ? '' : formatDuration(row.duration)),
  };
  shown.splice(1, 0, length);
  if (rows.every((row) => row.error === null))
    shown.splice(
      shown.findIndex(({ name }) => name === 'error'),
      1,
    );
  return card(
    { title: 'Runs', note: `${plural(rows.length, 'run')}, newest first` },
    sortableTable({
      caption: 'Runs',
      columns: shown,
      rows: rows.map((row) => ({
        ...row,
        duration: row.finished_at ? Date.parse(row.finished_at) - Date.parse(row.started_at) : null,
      })),
      sort: { name: 'started_at', descending: true },
    }),
  );
}

function examplesCard({ columns, rows }, chosen) {
  const renderers = {
    raw: (row) =>
      row.raw === null
        ? el('span', { class: 'muted' }, 'not kept')
        : el('code', { class: 'raw', title: row.raw }, row.raw),
    file: (row) => (row.file === null ? '' : el('span', { title: row.file }, row.file.split('/').at(-1))),
  };
  const shown = columns
    .filter(({ name }) => !['run_id', 'stage'].includes(name))
    .map((column) => ({ ...column, render: renderers[column.name], wraps: column.name === 'message' }));
  if (rows.length === 0) return '';
  return card(
    { title: 'Rejected records', note: chosen.length > 0 ? `only ${chosen.join(', ')}` : 'up to five of each reason' },
    sortableTable({ caption: 'Rejected records', columns: shown, rows }),
  );
}
