import { explain } from '../../../core/errors.ts';
import { logTo } from '../../../core/log.ts';
import type { KeptLines } from '../../../core/logs/kept-lines.ts';
import type { Store } from '../../../core/store/store.ts';
import type { WatcherEvent } from '../../../watcher/events.ts';
import type { Source } from '../../../watcher/source.ts';
import { oneLine } from '../../output/text.ts';

/** The watcher's events, for people; what it published shows as a job anyway. */
export const watcherWords = (event: WatcherEvent): string => {
  switch (event.kind) {
    case 'noticed':
      return `${event.device}: ${event.path} changed${event.commit ? ` in commit ${event.commit.slice(0, 8)}` : ''}\n`;
    case 'rendered':
      return `${event.device}: rendered again\n`;
    case 'held':
      return `${event.device}: ${oneLine(event.detail)}\n`;
    case 'unmanaged':
      return `${event.device}: its file is gone; the device keeps its configuration\n`;
    case 'problem': {
      const { message, hint } = event.problem;
      // an inventory error has a line for each fault
      const lines = message.split('\n').map((each) => `error: ${oneLine(each)}\n`);
      if (event.about === 'inventory') lines.push('  ! the last good inventory stays in use\n');
      return `${lines.join('')}${hint ? `  → ${oneLine(hint)}\n` : ''}`;
    }
    case 'solved':
      return `${event.about}: mended\n`;
    case 'published':
      return '';
    default:
      return event satisfies never;
  }
};

/** Starts the watcher of `plumb up`. @param kept its log lines, which are published only on the bus */
export const startUpWatcher = async (
  store: Store,
  source: Source,
  signal: AbortSignal,
  say: (text: string) => void,
  kept: KeptLines,
) => {
  const { startWatcher } = await import('../../../watcher/main.ts');
  const log = logTo((line) => kept.add(line));
  const watcher = startWatcher({ store, source, signal, log, onEvent: (event) => say(watcherWords(event)) });
  watcher.ended.catch((error: unknown) => say(`error: the watcher ended: ${explain(error)}\n`));
  return watcher;
};
