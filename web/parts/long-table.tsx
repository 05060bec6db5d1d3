import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { isTyping } from '../shell/keys.ts';
import { useWindowRows } from './window-rows.ts';

const rowPx = 24;

export type Column = { name: string; class?: string; title?: string };

/** What a row that can be seen must be given, so that its height is known. */
type InTable = { 'data-index': number; 'aria-rowindex': number; ref: (row: Element | null) => void };

type Props = {
  caption: string;
  columns: readonly Column[];
  keys: readonly string[];
  /** The key of the row to bring into view, whose first link gets the focus. */
  at?: string;
  row: (index: number, inTable: InTable) => ComponentChildren;
};

/** A table of any length; only what can be seen of it is drawn. */
export const LongTable = ({ caption, columns, keys, at, row }: Props) => {
  const table = useRef<HTMLTableElement>(null);
  const top = () => (table.current ? table.current.getBoundingClientRect().top + scrollY : 0);
  const { above, items, below, measure, scrollTo } = useWindowRows(keys, rowPx, top);
  useLayoutEffect(() => {
    const index = at === undefined ? -1 : keys.indexOf(at);
    if (index < 0) return;
    scrollTo(index);
    requestAnimationFrame(() => {
      if (isTyping(document.activeElement)) return; // meanwhile somebody went to the filter
      table.current?.querySelector<HTMLElement>(`[data-index="${index}"] a`)?.focus({ preventScroll: true });
    });
  }, [at]);
  // the room of rows that are not drawn
  const room = (px: number) =>
    px > 0 && (
      <tr class="room">
        <td colSpan={columns.length} style={{ height: `${px}px` }} />
      </tr>
    );
  return (
    <table class="tbl flow" ref={table} aria-rowcount={keys.length + 1}>
      <caption class="vh">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ name, ...more }) => (
            <th key={name} scope="col" {...more}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {room(above)}
        {items.map(({ index }) => row(index, { 'data-index': index, 'aria-rowindex': index + 2, ref: measure }))}
        {room(below)}
      </tbody>
    </table>
  );
};
