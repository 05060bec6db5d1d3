import type { DeviceState } from '../../core/bus.ts';
import { isOlder, isOlderThanTried } from '../../core/wanted/generation.ts';
import { blockOf } from '../../core/wanted/held.ts';

/** The newest message on a device's subject, its text known by hash. */
export type Head = {
  stream: string;
  seq: number;
  /** '' until the server has told. */
  at: string;
  /** '' where the text cannot be read. */
  sha256: string;
  /** Published by a watcher, or by someone who published what the source holds. */
  fromSource: boolean;
  commit: string | undefined;
  /** The job that it names, or that is named after it. */
  job: string;
};

export type View = {
  /** What the source holds. */
  content: string;
  head: Head | undefined;
  /** What some watcher last recorded as the source's content; null: that it held none. */
  recorded: string | null | undefined;
  /** The source's content that this watcher dealt with last; undefined: none since it started. */
  agreed: string | undefined;
  /** The texts that people took back on this device. */
  blocked: DeviceState['blocked'];
  /** What a runner tried last; an older message is never deployed. */
  tried: DeviceState['attempt'] | undefined;
  /** The newest message that this watcher has dealt with here. */
  seen: Pick<Head, 'stream' | 'seq' | 'at'> | undefined;
};

type Decision =
  | 'publish'
  /** The stream holds what the source holds. */
  | 'agree'
  /** Someone published by hand, and the source holds nothing new since. */
  | 'hold'
  /** Another watcher published something else, and our source holds nothing new since: it may be behind. */
  | 'overtaken';

/** What to do about one device; a hand-made text gives way to new content only, and watchers do not fight. */
export const whatWins = ({ content, head, recorded, agreed, blocked, tried, seen }: View): Decision => {
  if (!head || head.sha256 === '') return 'publish';
  const told = head.at !== ''; // what was just published is not older than anything
  if (told && isOlderThanTried(head, tried)) return 'publish';
  if (head.sha256 === content) return 'agree';
  if (told && seen && isOlder(head, seen, Date.now())) return 'publish'; // a restored store
  // nobody deploys it again by itself; a watcher that is behind with its source leaves it to one that is not
  if (blockOf({ blocked }, head.sha256) && (recorded === undefined || content === recorded)) {
    if (!head.fromSource || !blockOf({ blocked }, content)) return 'publish';
  }
  if (head.fromSource) return content === agreed ? 'overtaken' : 'publish';
  return recorded === undefined || content === recorded || content === agreed ? 'hold' : 'publish';
};
