import type { ClientChannel } from 'ssh2';
import { limits } from '../../../core/bus.ts';
import { PlumbError } from '../../../core/errors.ts';
import { afterReading } from '../../dialogue/reading/after-reading.ts';

/** How a command ended. `code` is null where a signal ended it. */
export type Executed = { code: number | null; signal: string | undefined; stdout: string; stderr: string };

export type ExecOptions = {
  /** Written to the command's stdin, which then ends. */
  stdin?: string | Buffer;
  timeoutMs?: number;
  /**
   * Ends a command whose time is over: without a terminal it goes on when nobody listens any more.
   *
   * @param stdout what it had printed
   * @returns whether it has ended
   */
  endLate?: (stdout: string) => Promise<boolean>;
  /** More output than this ends the command. */
  maxBytes?: number;
};

const defaultTimeoutMs = 60_000;

/** Waits for a started command. @throws PlumbError `timeout`, `closed`, `rejected` when it prints too much */
export const finish = (name: string, channel: ClientChannel, options: ExecOptions = {}): Promise<Executed> => {
  const { timeoutMs = defaultTimeoutMs, maxBytes = limits.printedBytes } = options;
  return new Promise((resolve, reject) => {
    const chunks: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
    let bytes = 0;
    let ended: { code: number | null; signal: string | undefined } | undefined;
    const fail = (error: PlumbError) => {
      rest();
      reject(error);
      channel.destroy();
    };
    let isLate = false;
    const late = async () => {
      const printed = Buffer.concat(chunks.stdout).toString('utf8');
      const why = `${name}: a command did not end within ${timeoutMs / 1000} s`;
      isLate = true;
      channel.destroy();
      const isOver = await options.endLate?.(printed).catch(() => false);
      const what =
        isOver === undefined ? '' : isOver ? ', and was ended' : ', and may still run there: it could not be ended';
      fail(new PlumbError('timeout', why + what));
    };
    const rest = afterReading(timeoutMs, () => void late());
    const collect = (into: 'stdout' | 'stderr') => (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) fail(new PlumbError('rejected', `${name}: a command printed more than ${maxBytes} bytes`));
      else chunks[into].push(chunk);
    };
    channel.on('data', collect('stdout'));
    channel.stderr.on('data', collect('stderr'));
    channel.on('error', (cause: Error) => fail(new PlumbError('closed', `${name}: ${cause.message}`, { cause })));
    channel.on('exit', (code: number | null, signal?: string) => {
      ended = { code, signal };
    });
    // the event of a command that ends at once may come before anyone listens for it: close repeats what it said
    channel.on('close', (code?: number | null, signal?: string) => {
      rest();
      if (isLate) return;
      if (code !== undefined || signal) ended ??= { code: code ?? null, signal };
      if (!ended)
        return reject(new PlumbError('closed', `${name}: the connection was lost while a command was running`));
      const text = (from: 'stdout' | 'stderr') => Buffer.concat(chunks[from]).toString('utf8');
      resolve({ ...ended, stdout: text('stdout'), stderr: text('stderr') });
    });
    if (options.stdin !== undefined) channel.end(options.stdin);
  });
};
