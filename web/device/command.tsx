import { useRef, useState } from 'preact/hooks';
import { Refusal } from '../data/refusal.ts';
import { readNow } from '../data/use-reading.ts';
import { Failed } from '../parts/failed.tsx';
import { Text } from '../parts/text.tsx';
import { mayNot } from '../session.ts';
import { clockTime, duration } from '../words/time.ts';

type Answer = { command: string; output: string; tookMs: number; at: string };

/** What was asked here, for the arrow keys; kept while the page is open. */
const asked: string[] = [];

/** Runs one command that only reads; what changes the device is refused by its runner. */
export const CommandBox = ({ device }: { device: string }) => {
  const field = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer>();
  const [failed, setFailed] = useState<Refusal>();
  const [back, setBack] = useState(0);
  const why = mayNot('command');
  const run = async (event: Event) => {
    event.preventDefault();
    const command = field.current?.value.trim() ?? '';
    if (command === '' || busy || why !== '') return;
    asked.push(command);
    setBack(0);
    setBusy(true);
    setFailed(undefined);
    const startedMs = performance.now();
    try {
      const job = await readNow(device, 'command', { command });
      const output = (job.result as { output?: string } | undefined)?.output ?? '';
      setAnswer({ command, output, tookMs: performance.now() - startedMs, at: job.finishedAt ?? job.updatedAt });
    } catch (error) {
      setFailed(error instanceof Refusal ? error : new Refusal('internal', String(error)));
    }
    setBusy(false);
  };
  const recall = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : 0;
    const next = Math.min(asked.length, Math.max(0, back + by));
    if (by === 0 || !field.current || next === back) return;
    event.preventDefault();
    setBack(next);
    field.current.value = next === 0 ? '' : (asked.at(-next) ?? '');
  };
  return (
    <section>
      <div class="sect">
        <h2>Run a command</h2>
        <p>{why || 'read-only commands'}</p>
      </div>
      <form class="tools cmdline" onSubmit={run}>
        <label class="filter">
          <span class="quiet">{device}#</span>
          <span class="vh">Command</span>
          <input
            ref={field}
            placeholder="show version"
            spellcheck={false}
            autocomplete="off"
            autocapitalize="off"
            onKeyDown={recall}
          />
        </label>
        <button class="btn" type="submit" disabled={busy} aria-disabled={why !== '' || undefined}>
          {busy ? 'Running' : 'Run'} <kbd>↵</kbd>
        </button>
      </form>
      <Failed refusal={failed} />
      {answer && !failed && (
        <>
          <p class="more" role="status">
            <code>
              <Text>{answer.command}</Text>
            </code>{' '}
            answered in {duration(answer.tookMs)}, at {clockTime(answer.at)}
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also by keyboard */}
          <pre class="diff out-text" tabIndex={0}>
            <Text>{answer.output}</Text>
          </pre>
        </>
      )}
    </section>
  );
};
