import { patience } from '../dialogue/cli-driver.ts';
import { answersTogether, type Getter, gather } from '../getters/getter.ts';
import type { CliShell } from './shell.ts';

/** Asks by commands what a getter needs; a command that the device does not know answers nothing. */
export const ask =
  <T>(getter: Getter<T>) =>
  (shell: CliShell): Promise<T> =>
    gather(getter, (requests) => answersTogether(requests, (request) => shell.send(request, patience.show)));
