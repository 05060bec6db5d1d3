import { setTimeout as wait } from 'node:timers/promises';
import { escapeControls } from '../../core/text/controls.ts';
import type { Context } from '../context.ts';
import { asData, type Column, type Format, table } from './output.ts';
import { screen } from './terminal.ts';

type Watched<T> = {
  columns: readonly Column<T>[];
  /** The key of a row: the same before and after a change. */
  key: (row: T) => string;
  /** Of a row, for JSON and YAML. */
  record: (row: T) => unknown;
  read: () => Promise<readonly T[]>;
  /** Each emits whenever the rows may have changed. */
  news: readonly AsyncIterable<unknown>[];
  /** A row that disappears is reported. */
  tellsGone: boolean;
  /** What could not be read last time, a line each. */
  notes?: () => readonly string[];
};

/** Changes that arrive together are shown together, and reading takes at most a fifth of the time. */
const together = { leastMs: 100, share: 4 };
/** How often ages are updated on a terminal. */
const drawMs = 1_000;

/** What a row shows, except what changes by itself. */
const still = <T>(row: T, columns: readonly Column<T>[]) =>
  columns.flatMap((column) => (column.moves ? [] : [column.cell(row)])).join('\n');

/** Draws a table in place; what does not fit is counted in the last line. */
const draw = <T>(context: Context, format: Format, rows: readonly T[], { columns, notes }: Watched<T>): void => {
  const width = context.screen?.columns() ?? 80;
  const all = table(rows, columns, format, context.colour, width).trimEnd().split('\n');
  const lines = [...all, ...(notes?.() ?? [])];
  const height = Math.max(2, context.screen?.rows() ?? 24);
  const shown = lines.length <= height ? lines : lines.slice(0, height - 1);
  if (shown.length < lines.length) shown.push(`… ${lines.length - shown.length} more`);
  // line over line, so that nothing flickers
  context.out(`${screen.home}${shown.join(`${screen.endOfLine}\n`)}${screen.endOfLine}${screen.below}`);
};

/** What is different, a line or a document for each row. @param before undefined: nothing was shown yet */
const tell = <T>(
  { out }: Context,
  format: Format,
  { columns, key, record, tellsGone }: Watched<T>,
  rows: readonly T[],
  before: ReadonlyMap<string, string> | undefined,
): void => {
  const gone = tellsGone ? [...(before?.keys() ?? [])].filter((name) => !rows.some((row) => key(row) === name)) : [];
  const changed = rows.filter((row) => before?.get(key(row)) !== still(row, columns));
  if (format === 'json' || format === 'yaml') {
    const documents = [...changed.map(record), ...gone.map((name) => ({ gone: name }))];
    for (const each of documents)
      out(format === 'json' ? `${escapeControls(JSON.stringify(each))}\n` : `---\n${asData('yaml', each)}`);
    return;
  }
  const time = new Date().toTimeString().slice(0, 8);
  const lines = table(changed, columns, format, false)
    .trimEnd()
    .split('\n')
    .slice(before ? 1 : 0);
  for (const line of lines) if (line) out(before ? `${time}  ${line}\n` : `${line}\n`);
  for (const name of gone) out(`${time}  ${name}  gone\n`);
};

/**
 * Shows rows and what becomes of them until the signal of the context aborts: on a terminal a table in its place, elsewhere
 * a line for each row that changed; with JSON an object a line, with YAML a document.
 */
export const showWatched = async <T>(context: Context, format: Format, watched: Watched<T>): Promise<void> => {
  const { signal } = context;
  const onScreen = context.screen !== undefined && (format === 'table' || format === 'wide');
  let rows: readonly T[] = [];
  let seen: ReadonlyMap<string, string> | undefined;
  let noted: readonly string[] = [];
  const show = () => {
    if (onScreen) return draw(context, format, rows, watched);
    for (const note of watched.notes?.() ?? []) if (!noted.includes(note)) context.err(`${note}\n`);
    noted = watched.notes?.() ?? [];
    tell(context, format, watched, rows, seen);
    seen = new Map(rows.map((row) => [watched.key(row), still(row, watched.columns)]));
  };
  let dirty = true;
  let wake = () => {};
  const listen = async (news: AsyncIterable<unknown>) => {
    for await (const _ of news) {
      dirty = true;
      wake();
    }
  };
  const lost = Promise.all(watched.news.map(listen));
  lost.catch(() => {}); // thrown below, where it is waited for
  const asleep = async () => {
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    if (dirty) return;
    const stopped = new AbortController();
    const until = AbortSignal.any([signal, stopped.signal]);
    const redraw = wait(onScreen ? drawMs : 2 ** 30, undefined, { signal: until }).catch(() => {});
    await Promise.race([woken, redraw, lost.then(() => redraw)]);
    stopped.abort();
  };
  if (onScreen) {
    context.screen?.onResize(() => wake());
    context.screen?.enter();
  }
  try {
    while (!signal.aborted) {
      if (dirty) {
        dirty = false;
        const startedMs = performance.now();
        const found = await watched.read().catch((error: unknown) => {
          if (!signal.aborted) throw error; // work in progress when it was told to stop ends like that
        });
        if (found) rows = found;
        if (!signal.aborted) show();
        const pauseMs = Math.max(together.leastMs, (performance.now() - startedMs) * together.share);
        await wait(pauseMs, undefined, { signal }).catch(() => {});
      } else {
        await asleep();
        if (onScreen && !signal.aborted) show();
      }
    }
  } finally {
    context.screen?.leave();
    if (onScreen) context.out(table(rows, watched.columns, format, context.colour));
  }
};
