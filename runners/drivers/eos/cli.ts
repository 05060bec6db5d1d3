import type { Patience } from '../../dialogue/cli-driver.ts';
import type { Target } from '../../driver.ts';
import type { ConfigLine } from '../../session/text/config-lines.ts';

/** The few things that the driver asks of a switch; SSH and eAPI do them each in their own way. */
export type EosCli = AsyncDisposable & {
  target: Target;
  text(command: string, patience?: Patience): Promise<string>;
  /** A command of the operator's, which may lead anywhere. */
  run(command: string, patience: Patience): Promise<string>;
  json(command: string): Promise<unknown>;
  /** What each request of a getter is answered with: JSON, or text where it ends in ` (text)`; undefined for a refused one. */
  ask(requests: readonly string[]): Promise<(string | undefined)[]>;
  /**
   * Enters a configuration session and types lines.
   *
   * @param first typed before the lines
   * @throws PlumbError `rejected` with the file's line number
   */
  type(session: string, first: readonly string[], lines: readonly ConfigLine[]): Promise<void>;
  alive(): Promise<void>;
  readonly closed: Promise<string>;
};

/** The command of a getter's request, which says behind it where it wants text and not JSON. */
export const withoutForm = (request: string): string => request.replace(/ \(text\)$/, '');
