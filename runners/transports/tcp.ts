import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Has a connection reset once the signal aborts: nothing that waits in it is sent any more, not even its end. */
export const resetOn = (socket: Socket, lost: AbortSignal | undefined): void => {
  if (!lost) return;
  const reset = () => socket.resetAndDestroy();
  if (lost.aborted) reset();
  lost.addEventListener('abort', reset, { once: true });
  socket.once('close', () => lost.removeEventListener('abort', reset));
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
