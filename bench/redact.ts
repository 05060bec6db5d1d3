import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { unifiedDiff } from '../core/diff/diff.ts';
import { redact } from '../core/redact/redact.ts';
import { redactAll } from '../core/redact/redact-all.ts';
import { median } from './figures.ts';
import { redactTexts } from './texts/redact.ts';

/** Processor time of this process, which others on the machine do not lengthen. */
const timed = async (run: () => unknown): Promise<number> => {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

/** How long the longest piece of `run` keeps all else waiting. */
const longestMs = async (run: () => unknown): Promise<number> => {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  await run();
  await new Promise(setImmediate);
  delays.disable();
  return Math.round(delays.max / 1e6);
};

/** Time of the redaction of whole configurations, of a diff that adds them, and of a record that holds that diff. */
export const redactFigures = async function* (): AsyncGenerator<Record<string, string | number>> {
  const lines = 50_000;
  for (const [platform, text] of redactTexts(lines)) {
    const diff = unifiedDiff('', text);
    const works: [string, () => unknown][] = [
      ['configuration', () => redact(text)],
      ['diff', () => redact(diff)],
      ['record', () => redactAll({ device: 'r1', diff })],
    ];
    for (const [what, run] of works) {
      const times: number[] = [];
      for (let round = 0; round < 5; round += 1) times.push(await timed(run));
      const medianMs = median(times);
      const microsecondsPerLine = Math.round((medianMs * 100_000) / lines) / 100;
      const figure = { bench: 'redact', platform, what, lines, medianMs, microsecondsPerLine };
      yield what === 'record' ? { ...figure, blocksMs: await longestMs(run) } : figure;
    }
  }
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for await (const figure of redactFigures()) process.stdout.write(`${JSON.stringify(figure)}\n`);
}
