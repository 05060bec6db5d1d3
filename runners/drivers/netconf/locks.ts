import { PlumbError } from '../../../core/errors.ts';
import { RpcRefusal } from '../../transports/netconf/errors.ts';
import type { Netconf } from '../../transports/netconf/netconf.ts';

export type Datastore = 'running' | 'candidate';

/** Why a lock was not given: `trial`: a confirmed commit waits; `session`: somebody else holds it. */
type LockHolder = { kind: 'trial' } | { kind: 'session'; sessionId: string | undefined; message: string };

/** @returns who is in the way; undefined: the lock is ours now */
export const tryLock = async (netconf: Netconf, datastore: Datastore): Promise<LockHolder | undefined> => {
  try {
    await netconf.rpc(`<lock><target><${datastore}/></target></lock>`);
    return undefined;
  } catch (error) {
    if (!(error instanceof RpcRefusal)) throw error;
    const { tag, appTag, sessionId, message } = error.first;
    if (/confirmed-commit/.test(`${appTag} ${message}`)) return { kind: 'trial' };
    // RFC 6241, 7.5: running cannot be locked while another session's confirmed commit is pending
    if (datastore === 'running' && tag === 'in-use') return { kind: 'trial' };
    return { kind: 'session', sessionId, message: error.said };
  }
};

/** @throws PlumbError `locked`, naming who holds it */
export const lock = async (netconf: Netconf, datastore: Datastore, device: string): Promise<void> => {
  const holder = await tryLock(netconf, datastore);
  if (!holder) return;
  if (holder.kind === 'trial') {
    throw new PlumbError('locked', `${device}: a confirmed commit is pending on the device`, {
      hint: 'let its owner confirm or cancel it; its timer ends it too',
    });
  }
  const who = holder.sessionId === '0' ? 'something that is not NETCONF (0)' : `session ${holder.sessionId}`;
  throw new PlumbError(
    'locked',
    holder.sessionId === undefined
      ? `${device}: ${datastore} cannot be locked: ${holder.message}`
      : `${device}: ${datastore} is locked by ${who}`,
    { hint: 'Plumbline never kills a session that holds a lock: ask its owner to end it' },
  );
};

/** Gives a lock back; that it was not ours any more is no failure. */
export const unlock = async (netconf: Netconf, datastore: Datastore): Promise<void> => {
  await netconf.rpc(`<unlock><target><${datastore}/></target></unlock>`).catch(() => {});
};
