import { Option } from 'commander';
import { stringify } from 'yaml';
import { controls, escapeControls } from '../../core/text/controls.ts';
import type { Context } from '../context.ts';
import { type Colour, paint } from './colour.ts';
import { oneLine } from './text.ts';

const formats = ['table', 'wide', 'json', 'yaml'] as const;
export type Format = (typeof formats)[number];

/** A column of a table; `wide`: shown only with `-o wide`; `rare`: left out where every cell is empty. */
export type Column<T> = {
  head: string;
  cell: (row: T) => string;
  wide?: boolean;
  rare?: boolean;
  /** Changes by itself, like an age: not a change of the row. */
  moves?: boolean;
  colour?: (row: T) => Colour | undefined;
};

/** @param more formats of one verb alone */
export const outputOption = (...more: string[]): Option =>
  new Option('-o, --output <format>', 'how to print it').choices([...formats, ...more]).default('table');

/** `--watch`, for tables that change while someone watches. */
export const watchOption = (): Option =>
  new Option(
    '-w, --watch',
    'keep running until Ctrl-C: redraw the table, or without a terminal print a line per change',
  );

/**
 * Capital headers, two spaces between, no borders; the last column is not padded.
 *
 * @param width of the terminal, where what the last column has beyond it is to end in `…`
 */
export const table = <T>(
  rows: readonly T[],
  columns: readonly Column<T>[],
  format: Format,
  colour: boolean,
  width = Number.POSITIVE_INFINITY,
): string => {
  const shown = columns
    .filter((column) => format === 'wide' || !column.wide)
    .map((column) => ({ ...column, cells: rows.map((row) => oneLine(column.cell(row))) }))
    .filter((column) => !column.rare || column.cells.some((cell) => cell !== ''));
  const widths = shown.map(({ head, cells }) =>
    cells.reduce((widest, cell) => Math.max(widest, [...cell].length), head.length),
  );
  const pad = (text: string, index: number) =>
    index === shown.length - 1 ? text : text + ' '.repeat(Math.max(0, (widths[index] ?? 0) - [...text].length));
  const before = widths.slice(0, -1).reduce((sum, each) => sum + each + 2, 0);
  const room = Math.max(1, width - before);
  const cut = (text: string, index: number) =>
    index < shown.length - 1 || [...text].length <= room ? text : `${[...text].slice(0, room - 1).join('')}…`;
  const head = shown.map(({ head }, index) => pad(head, index)).join('  ');
  const lines = rows.map((row, line) =>
    shown
      .map((column, index) => paint(colour, column.colour?.(row), pad(cut(column.cells[line] || '-', index), index)))
      .join('  '),
  );
  return [head, ...lines].map((line) => `${line.trimEnd()}\n`).join('');
};

/**
 * Prints rows as a table, or the records behind them as a list in JSON or YAML.
 *
 * @param records what `json` and `yaml` list; the rows themselves where left out
 */
export const print = <T>(
  context: Context,
  format: Format,
  rows: readonly T[],
  columns: readonly Column<T>[],
  records: readonly unknown[] = rows,
): void => {
  if (format === 'table' || format === 'wide') context.out(table(rows, columns, format, context.colour));
  else printList(context, format, records);
};

/** A list as JSON or YAML: an object, so that there is room for more beside the items. */
const listOf = <T>(items: readonly T[]): { items: readonly T[] } => ({ items });

/** Prints a list for programs. */
export const printList = (context: Context, format: 'json' | 'yaml', items: readonly unknown[]): void =>
  context.out(asData(format, listOf(items)));

/** A whole document: JSON with two spaces, or YAML. */
export const asData = (format: 'json' | 'yaml', value: unknown): string => {
  if (format === 'json') return `${escapeControls(JSON.stringify(value ?? null, null, 2))}\n`;
  const text = stringify(value, { lineWidth: 0 });
  if (text.search(controls) < 0) return text;
  // such characters can be escaped only in double quotes
  const quoted = { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'QUOTE_DOUBLE' } as const;
  return escapeControls(stringify(value, { lineWidth: 0, ...quoted }));
};
