import { PlumbError } from '../core/errors.ts';
import { patience } from './cli-driver.ts';
import type { CliShell } from './cli-session-shell.ts';
import { type Getter, gather } from './getters/getter.ts';

/** Asks by commands what a getter needs; a command that the device does not know answers nothing. */
export const ask =
  <T>(getter: Getter<T>) =>
  (shell: CliShell): Promise<T> =>
    gather(getter, async (requests) => {
      const answers: (string | undefined)[] = [];
      for (const request of requests) {
        answers.push(
          await shell.send(request, patience.show).catch((error: unknown) => {
            if (error instanceof PlumbError && error.code === 'rejected') return undefined;
            throw error;
          }),
        );
      }
      return answers;
    });
