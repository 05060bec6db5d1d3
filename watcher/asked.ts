import { subjects } from '../core/bus.ts';
import { explain } from '../core/errors.ts';
import { log } from '../core/log.ts';
import type { Store } from '../core/store/store.ts';
import type { Source } from './source.ts';

/**
 * Looks at the source when somebody says that it changed: a git server that was pushed to, through the API. However often it
 * is said meanwhile, one more look follows.
 *
 * @returns what ends that
 */
export const lookWhenAsked = ({ nc, site }: Store, source: Pick<Source, 'refresh'>): (() => void) => {
  let asked = false;
  let looking = false;
  const look = async () => {
    asked = true;
    if (looking) return;
    looking = true;
    while (asked) {
      asked = false;
      await source.refresh().catch((error: unknown) => log.warn(`the source was not looked at: ${explain(error)}`));
    }
    looking = false;
  };
  // on a server that was set up for an earlier release we may not hear it, and look as often as ever
  const heard = nc.subscribe(subjects.look(site), { callback: (error) => void (error ?? look()) });
  return () => heard.unsubscribe();
};
