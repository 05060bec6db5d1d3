import { errors } from '@nats-io/transport-node';
import { explain, PlumbError } from '../../core/errors.ts';
import type { DeviceContext } from '../holding/device-context.ts';

const ofNats = (error: unknown): boolean =>
  error instanceof Error &&
  (/^(?:JetStream|StreamNotFound|ConsumerNotFound)/.test(error.name) ||
    Object.values(errors).some((known) => error instanceof known));

/**
 * Anything that was thrown while something was done for a device, as a failure that a job can end with. What nobody
 * foresaw is a fault of ours: it ends this work, with its stack in the log, and nothing else.
 *
 * @param doing what was done, for the message
 */
export const asFailure = (
  error: unknown,
  { device, log, runner }: Pick<DeviceContext, 'device' | 'log' | 'runner'>,
  doing: string,
): PlumbError => {
  if (error instanceof PlumbError) return error;
  if (ofNats(error)) {
    return new PlumbError('nats_unavailable', `${device.name}: ${doing}: NATS did not answer: ${explain(error)}`, {
      cause: error,
    });
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.error({ device: device.name }, `a fault in Plumbline itself, ${doing}: ${stack}`);
  return new PlumbError('internal', `${device.name}: a fault in Plumbline itself, ${doing}: ${explain(error)}`, {
    cause: error,
    hint: `please report it with the stack trace in the log of runner ${runner}`,
  });
};
