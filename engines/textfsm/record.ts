import type { Template, Value } from './template.ts';

/** An item of a `List`: the text, or the named groups within it; null for what took no part in the match. */
type ListItem = string | null | Record<string, string | null>;
/** What one Value holds in one record. */
export type Field = string | ListItem[];

type Cell = {
  value: Value;
  current: string | null | ListItem[];
  /** Of a `List`: what was matched so far. */
  list: ListItem[];
  /** Of a `Filldown`: what is kept after a record. */
  kept: string | null;
};

const isEmpty = (current: Cell['current']) => current === null || current === '' || current.length === 0;

const toItem = ({ regex }: Value, text: string | null): ListItem => {
  const groups = text !== null && regex.names.size > 0 ? regex.match(text) : undefined;
  if (!groups) return text;
  return Object.fromEntries([...regex.names].map(([name, index]) => [name, groups[index] ?? null]));
};

/** The record that is being built, and those that are finished. */
export class Records {
  readonly #cells: Cell[];
  readonly rows: Field[][] = [];

  constructor({ values }: Template) {
    this.#cells = values.map((value) => ({ value, current: null, list: [], kept: null }));
  }

  /** A rule matched: the named groups, null for one that took no part. */
  assign(name: string, text: string | null): void {
    const index = this.#cells.findIndex(({ value }) => value.name === name);
    const cell = this.#cells[index];
    if (!cell) return; // an inner group of a List
    cell.current = text;
    for (const option of cell.value.options) {
      if (option === 'Filldown') cell.kept = text;
      else if (option === 'List') cell.list.push(toItem(cell.value, text));
      else if (option === 'Fillup' && text) this.#fillUp(index, text);
    }
  }

  #fillUp(index: number, text: string): void {
    for (let row = this.rows.at(-1), at = this.rows.length - 1; row; row = this.rows[--at]) {
      if (!isEmpty(row[index] ?? null)) return;
      row[index] = text;
    }
  }

  /** `Clear`, and what follows a record: only `Filldown` keeps its value. */
  clear(): void {
    for (const cell of this.#cells) {
      const { options } = cell.value;
      cell.current = options.includes('Filldown') ? cell.kept : null;
      if (!options.includes('Filldown')) cell.list = [];
    }
  }

  /** `Clearall`. */
  clearAll(): void {
    for (const cell of this.#cells) Object.assign(cell, { current: null, list: [], kept: null });
  }

  /** `Record`: dropped where a `Required` value is empty, or where nothing was matched at all. */
  record(): void {
    if (this.#cells.length === 0) return;
    for (const cell of this.#cells) {
      for (const option of cell.value.options) {
        if (option === 'Required' && isEmpty(cell.current)) {
          this.clear();
          return;
        }
        if (option === 'List') cell.current = [...cell.list];
      }
    }
    const row = this.#cells.map(({ current }) => current);
    if (row.every((current) => current === null || (Array.isArray(current) && current.length === 0))) return;
    this.rows.push(row.map((current) => current ?? ''));
    this.clear();
  }
}
