/** The newest message on a device's subject, its text known by hash. */
export type Head = {
  seq: number;
  /** '' until the server has told. */
  at: string;
  /** '' where the text cannot be read. */
  sha256: string;
  /** Published by a watcher, or by someone who published what the source holds. */
  fromSource: boolean;
  commit: string | undefined;
};

export type View = {
  /** What the source holds. */
  content: string;
  head: Head | undefined;
  /** What some watcher last recorded as the source's content; null: that it held none. */
  recorded: string | null | undefined;
  /** The source's content that this watcher dealt with last; undefined: none since it started. */
  agreed: string | undefined;
  /** The hand-made text that someone gave up with `resume`. */
  released: string | undefined;
  /** When the text was made that a runner tried last; an older one is never deployed. */
  triedAt: string | undefined;
  /** The newest message that this watcher has seen here. */
  seenAt: string | undefined;
};

export type Decision =
  | 'publish'
  /** The stream holds what the source holds. */
  | 'agree'
  /** Someone published by hand, and the source holds nothing new since. */
  | 'hold'
  /** Another watcher published something else, and our source holds nothing new since: it may be behind. */
  | 'overtaken';

const earlier = (a: string, b: string | undefined) => a !== '' && b !== undefined && a.slice(0, 23) < b.slice(0, 23); // milliseconds

/** What to do about one device; a hand-made text gives way to new content only, and watchers do not fight. */
export const decide = ({ content, head, recorded, agreed, released, triedAt, seenAt }: View): Decision => {
  if (!head || head.sha256 === '' || earlier(head.at, triedAt)) return 'publish';
  if (head.sha256 === content) return 'agree';
  if (earlier(head.at, seenAt)) return 'publish'; // a restored store
  if (head.fromSource) return content === agreed ? 'overtaken' : 'publish';
  if (released === head.sha256) return 'publish';
  return recorded === undefined || content === recorded || content === agreed ? 'hold' : 'publish';
};
