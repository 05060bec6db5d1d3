import type { PlumbError } from '../core/errors.ts';

/** What a watcher tells while it works; the command line prints it. */
export type WatcherEvent =
  /** A device's content changed in the source. */
  | { kind: 'noticed'; device: string; path: string; commit: string | undefined; author: string | undefined }
  | {
      kind: 'published';
      device: string;
      path: string;
      sha256: string;
      commit: string | undefined;
      author: string | undefined;
      /** Since the change was noticed; undefined where it was found by comparing. */
      elapsedMs: number | undefined;
    }
  /** Not published: a hand-made text stays until there is different content or someone says `resume`. */
  | { kind: 'held'; device: string; detail: string }
  /** The file is gone; the device keeps what it has. */
  | { kind: 'unmanaged'; device: string }
  /** Templates or inventory changed, and with them this device's file. */
  | { kind: 'rendered'; device: string }
  /** Something cannot be published; `about` is a device or what else it concerns. */
  | { kind: 'problem'; about: string; device: string | undefined; problem: PlumbError }
  | { kind: 'solved'; about: string; device: string | undefined };

export type Announce = (event: WatcherEvent) => void;
