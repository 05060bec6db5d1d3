import { PlumbError } from '../../core/errors.ts';
import { isLate } from '../transports/late.ts';

/**
 * Logs in, and says so in our words when the time that `signal` gave is over; a transport may only know that it was told to stop.
 *
 * @throws PlumbError `unreachable`, and whatever `open` throws
 */
export const inTime = async <T>(
  name: string,
  signal: AbortSignal,
  open: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  try {
    return await open(signal);
  } catch (error) {
    if (!isLate(signal) || error !== signal.reason) throw error;
    throw new PlumbError('unreachable', `${name}: no login in time: it answers too slowly, or not at all`, {
      hint: 'is the device up and not overloaded, and is the port right?',
    });
  }
};
