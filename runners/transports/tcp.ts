import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * Resets a connection. One whose end is under way is closed: libuv refuses to reset it (EINVAL), and Node then leaves it
 * open for good, without a `close`.
 */
export const reset = (socket: Socket): void => {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
};

/** Has a connection reset once the signal aborts: nothing that waits in it is sent any more, not even its end. */
export const resetOn = (socket: Socket, lost: AbortSignal | undefined): void => {
  if (!lost) return;
  const cut = () => reset(socket);
  if (lost.aborted) cut();
  lost.addEventListener('abort', cut, { once: true });
  socket.once('close', () => lost.removeEventListener('abort', cut));
};

/**
 * A TCP connection without Nagle's delay, which costs 40 ms in each exchange of a dialogue. Nobody need catch its errors: who
 * takes it over later hears of its end by `close`, or finds it destroyed, as `assertOpen` says.
 *
 * @param lost has it reset, as in `resetOn`
 * @throws Error of the operating system, AbortError
 */
export const dial = async (host: string, port: number, signal: AbortSignal, lost?: AbortSignal): Promise<Socket> => {
  // the signal is not given to connect(): that would end the connection whenever it aborts, long after the login
  const socket = connect({ host, port, noDelay: true });
  resetOn(socket, lost);
  socket.on('error', () => {}); // for good: a reset may come when nobody else listens any more, or not yet
  try {
    await once(socket, 'connect', { signal });
    assertOpen(socket);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return socket;
};

/** What is lost already says so no more: whoever waited for it would wait for ever. @throws Error why it was lost */
export const assertOpen = (stream: { destroyed: boolean; errored: Error | null }): void => {
  if (stream.destroyed) throw stream.errored ?? new Error('the connection was closed');
};
