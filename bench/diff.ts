import { fileURLToPath } from 'node:url';
import { unifiedDiff } from '../core/diff/diff.ts';

/** A configuration of so many lines as they look: sections, repeated inner lines, `!` between them. */
export const sampleConfig = (lines: number, name = 'a'): string[] => {
  const config = ['hostname bench'];
  for (let port = 1; config.length < lines; port++) {
    config.push(
      `interface Ethernet${port}`,
      ` description ${name} port ${port}`,
      ' mtu 9214',
      ' no switchport',
      ` ip address 10.${port >> 16}.${(port >> 8) & 255}.${port & 255}/31`,
      ' ip ospf network point-to-point',
      '!',
    );
  }
  return config.slice(0, lines);
};

/** Small steps of a known sequence, so that each run changes the same lines. */
export const seeded = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};

/** Replaces, removes or doubles so many lines, spread over the text. */
export const edited = (lines: readonly string[], edits: number, seed = 1): string[] => {
  const random = seeded(seed);
  const changed = new Map(Array.from({ length: edits }, () => [Math.floor(random() * lines.length), random()]));
  return lines.flatMap((line, at) => {
    const kind = changed.get(at);
    if (kind === undefined) return [line];
    if (kind < 0.2) return [];
    return kind < 0.4 ? [line, ` description new ${at}`] : [` changed line ${at}`];
  });
};

/** Time of `core/diff` at the sizes and kinds of change that matter; one object a figure. */
export const diffFigures = function* (): Generator<Record<string, string | number>> {
  for (const lines of [5_000, 50_000]) {
    const before = sampleConfig(lines);
    const cases: [string, string[]][] = [
      ['10 edits', edited(before, 10)],
      ['1 %', edited(before, lines / 100)],
      ['10 %', edited(before, lines / 10)],
      ['unrelated', sampleConfig(lines, 'b').map((line, at) => `${line} ${at % 7 === 6 ? '' : at}`)],
    ];
    for (const [change, after] of cases) {
      const texts = [`${before.join('\n')}\n`, `${after.join('\n')}\n`] as const;
      const times: number[] = [];
      let bytes = 0;
      for (let run = 0; run < 7; run++) {
        const startedMs = performance.now();
        bytes = unifiedDiff(...texts).length;
        times.push(performance.now() - startedMs);
      }
      const sorted = times.toSorted((a, b) => a - b);
      const rounded = (ms: number | undefined) => Math.round((ms ?? 0) * 10) / 10;
      yield {
        bench: 'diff',
        lines,
        change,
        medianMs: rounded(sorted[3]),
        firstMs: rounded(times[0]),
        maxMs: rounded(sorted.at(-1)),
        diffBytes: bytes,
      };
    }
  }
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const figure of diffFigures()) process.stdout.write(`${JSON.stringify(figure)}\n`);
}
