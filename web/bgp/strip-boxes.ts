import type { Part } from './history.ts';

/** How wide a strip is drawn. */
export const wide = 192;
const least = 2;

/**
 * Where the parts of a strip lie: up is thin, down is tall, what is not known is an outline. Neither what it is now nor
 * a time down is too narrow to be seen, and a time down that is over never covers what it is now.
 */
export const boxesOf = (parts: readonly Part[], startMs: number, endMs: number) => {
  const scale = wide / (endMs - startMs);
  return parts.map(({ kind, fromMs, toMs }, index) => {
    const isLast = index === parts.length - 1;
    const [from, to] = [(fromMs - startMs) * scale, (toMs - startMs) * scale];
    if (kind === 'na') return { class: 'na', x: from + 0.5, y: 2.5, width: Math.max(0.5, to - from - 1), height: 7 };
    if (kind === 'down') {
      const end = isLast ? to : Math.min(to, wide - least);
      const width = Math.min(end, Math.max(least, end - from));
      return { class: kind, x: end - width, y: 0, width, height: 12 };
    }
    const x = isLast ? Math.min(from, wide - least) : from;
    return { class: kind, x, y: 4, width: to - x, height: 4 };
  });
};
