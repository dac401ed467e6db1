import { autocompletion, closeBrackets } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { PostgreSQL, sql } from '@codemirror/lang-sql';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { Compartment, EditorState, Prec, StateEffect, StateField } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import type { Table } from './ask-sql.js';

/** What the view may do with the editor. */
export interface EditorHandle {
  readonly text: () => string;
  readonly insert: (text: string) => void;
  readonly replace: (text: string) => void;
  /** Marks the fault at a place, both from 1; without one the mark goes. */
  readonly mark: (position?: { readonly line: number; readonly column: number }) => void;
}

interface SqlEditorProps {
  readonly initial: string;
  readonly tables: readonly Table[];
  readonly onRun: (text: string) => void;
  readonly ref: Ref<EditorHandle>;
}

/** In the page's colours: variables reach into the shadow root. */
const THEME = EditorView.theme({
  '&': { minHeight: '120px', maxHeight: '340px', color: 'var(--text)', fontSize: '13px' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: "ui-monospace, 'SFMono-Regular', Menlo, Consolas, monospace", minHeight: '120px' },
  '.cm-gutters': { backgroundColor: 'var(--faint)', color: 'var(--muted)', border: '0' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--accent-soft)',
  },
  '.cm-tooltip': { backgroundColor: 'var(--raised)', color: 'var(--text)', border: '1px solid var(--line)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--accent-soft)',
    color: 'var(--text)',
  },
  '.sql-fault': {
    textDecoration: 'underline wavy var(--bad)',
    textUnderlineOffset: '3px',
    backgroundColor: 'var(--bad-soft)',
  },
});

const HIGHLIGHT = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--accent)', fontWeight: '600' },
  { tag: tags.string, color: 'var(--good)' },
  { tag: tags.number, color: 'var(--notable)' },
  { tag: tags.comment, color: 'var(--muted)', fontStyle: 'italic' },
]);

const setFault = StateEffect.define<number | null>();

/** Underlines the fault until the text is changed. */
const fault = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setFault)) continue;
      if (effect.value === null) return Decoration.none;
      const from = Math.min(effect.value, transaction.state.doc.length);
      const word = transaction.state.wordAt(from);
      const to = Math.max(word?.to ?? from + 1, from + 1);
      const end = Math.min(to, transaction.state.doc.length);
      return end > from ? Decoration.set([Decoration.mark({ class: 'sql-fault' }).range(from, end)]) : Decoration.none;
    }
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** What it completes is known only when the tables are. */
const language = new Compartment();

function languageOf(tables: readonly Table[]) {
  const schema = Object.fromEntries(tables.map(({ name, columns }) => [name, columns.map((column) => column.name)]));
  return sql({ dialect: PostgreSQL, schema, upperCaseKeywords: true });
}

/** An editor for one statement; Ctrl-Enter runs it. */
export function SqlEditor({ initial, tables, onRun, ref }: SqlEditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const run = useRef(onRun);
  run.current = onRun;
  useEffect(() => {
    const runs = Prec.highest(
      keymap.of([
        {
          key: 'Mod-Enter',
          run: (editor) => {
            run.current(editor.state.doc.toString());
            return true;
          },
        },
      ]),
    );
    // There its styles are sheets of the root, which the page's policy admits; in the page they would be style elements.
    const root = box.current!.shadowRoot ?? box.current!.attachShadow({ mode: 'open' });
    const editor = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: view.current?.state.doc.toString() ?? initial,
        extensions: [
          runs,
          lineNumbers(),
          history(),
          bracketMatching(),
          closeBrackets(),
          autocompletion(),
          syntaxHighlighting(HIGHLIGHT),
          THEME,
          language.of(languageOf([])),
          fault,
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'SQL statement' }),
          keymap.of([...defaultKeymap, ...historyKeymap]),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, []);
  useEffect(() => {
    view.current?.dispatch({ effects: language.reconfigure(languageOf(tables)) });
  }, [tables]);
  useImperativeHandle(ref, () => ({
    text: () => view.current?.state.doc.toString() ?? initial,
    insert: (text) => {
      const editor = view.current!;
      editor.dispatch(editor.state.replaceSelection(text));
      editor.focus();
    },
    replace: (text) => {
      const editor = view.current!;
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
    },
    mark: (position) => {
      const editor = view.current!;
      const { doc } = editor.state;
      const at = position && position.line <= doc.lines ? doc.line(position.line).from + position.column - 1 : null;
      editor.dispatch({ effects: setFault.of(at) });
    },
  }));
  return <div className="sql-editor" ref={box} />;
}
