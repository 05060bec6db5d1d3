import {
  measureElement,
  observeWindowOffset,
  observeWindowRect,
  Virtualizer,
  windowScroll,
} from '@tanstack/virtual-core';
import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';

/** What is drawn of a long table: these lines, and the room of those above and below. Pixels. */
type Drawn = {
  items: readonly { index: number; key: string }[];
  above: number;
  below: number;
  measure: (row: Element | null) => void;
  scrollTo: (index: number) => void;
};

/**
 * Draws only the lines of a table that can be seen; the window scrolls it.
 *
 * @param keys of the lines: a line that keeps its key keeps its measured height
 * @param rowPx a guess, until a line is measured
 */
export const useWindowRows = (keys: readonly string[], rowPx: number, top: () => number): Drawn => {
  const [, redraw] = useReducer((turn: number) => turn + 1, 0);
  const latest = useRef(keys);
  latest.current = keys;
  const options = {
    count: keys.length,
    estimateSize: () => rowPx,
    getItemKey: (index: number) => latest.current[index] ?? index,
    getScrollElement: () => window,
    observeElementRect: observeWindowRect,
    observeElementOffset: observeWindowOffset,
    scrollToFn: windowScroll,
    measureElement,
    initialOffset: () => window.scrollY,
    scrollMargin: top(),
    overscan: 12,
    onChange: () => redraw(0),
  };
  const [virtual] = useState(() => new Virtualizer<Window, Element>(options));
  virtual.setOptions({ ...virtual.options, ...options });
  useLayoutEffect(() => virtual._didMount(), [virtual]);
  useLayoutEffect(() => virtual._willUpdate());
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0], items.at(-1)];
  return {
    items: items.map(({ index }) => ({ index, key: keys[index] ?? '' })),
    above: first ? first.start - virtual.options.scrollMargin : 0,
    below: last ? virtual.getTotalSize() - (last.end - virtual.options.scrollMargin) : 0,
    measure: virtual.measureElement,
    scrollTo: (index) => virtual.scrollToIndex(index, { align: 'auto' }),
  };
};
