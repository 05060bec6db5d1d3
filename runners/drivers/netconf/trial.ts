import { PlumbError } from '../../../core/errors.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { Target, Trial } from '../../driver.ts';
import { goneTrial, trialHandle } from '../../session/trial-handle.ts';
import { RpcRefusal } from '../../transports/netconf/errors.ts';
import type { Netconf } from '../../transports/netconf/netconf.ts';
import { parseTrialName } from '../../trial-name.ts';
import { escapeXml } from '../../xml.ts';
import { configOf, parseConfig, printConfig } from './config.ts';
import { type Datastore, tryLock, unlock } from './locks.ts';

/** What a device answers to a token that is not the one of the trial that waits (RFC 6241, 8.4). */
const anotherToken = 'invalid-value';
/** Refusals that time mends. */
const busy = ['in-use', 'lock-denied', 'resource-denied'];
const commitMs = patience.commit.totalMs;

/** A datastore as text, one element a line. */
export const readDatastore = async (netconf: Netconf, datastore: Datastore | 'startup'): Promise<string> => {
  const { text } = await netconf.rpc(
    `<get-config><source><${datastore}/></source></get-config>`,
    patience.load.totalMs,
  );
  return configOf(text);
};

const canonical = async (netconf: Netconf, datastore: Datastore, device: string) =>
  printConfig(parseConfig(await readDatastore(netconf, datastore), device));

/** Whether a confirmed commit waits: running cannot be locked then. */
const isPending = async (netconf: Netconf): Promise<boolean> => {
  const holder = await tryLock(netconf, 'running');
  if (!holder) await unlock(netconf, 'running');
  return holder?.kind === 'trial';
};

/**
 * What waits on the device. NETCONF cannot tell whose it is.
 *
 * @param known tokens of ours: it is taken for the first, and the device refuses what is not so
 */
export const pendingTrial = async (
  netconf: Netconf,
  target: Target,
  known: readonly string[] = [],
): Promise<Trial | undefined> =>
  (await isPending(netconf)) ? netconfTrial(netconf, target, known, undefined) : undefined;

/** @param tokens of `persist` that it may have; none: it is not ours */
export const netconfTrial = (
  netconf: Netconf,
  target: Target,
  tokens: readonly string[],
  expiresAt: Date | undefined,
): Trial => {
  const device = target.device.name;
  const [name = 'confirmed commit'] = tokens;
  const id = (token: string) => `<persist-id>${escapeXml(token)}</persist-id>`;
  const owner = parseTrialName(name) ? 'Plumbline' : 'someone (NETCONF does not report who)';
  const seen = { name, owner, expiresAt };
  return trialHandle(device, seen, {
    confirm: async () => {
      // a confirm commits the candidate as it is by then, foreign edits included
      if ((await canonical(netconf, 'candidate', device)) !== (await canonical(netconf, 'running', device))) {
        throw new PlumbError('commit_failed', `${device}: someone changed the candidate during the trial`, {
          hint: 'the confirm would commit their changes too; the trial is left to its timer',
        });
      }
      try {
        await netconf.rpc(`<commit>${id(name)}</commit>`, commitMs);
      } catch (error) {
        if (!(error instanceof RpcRefusal)) throw error;
        const { first, said } = error;
        if (first.tag === anotherToken || !(await isPending(netconf))) throw goneTrial(device, name, said);
        const code = busy.includes(first.tag) ? 'locked' : 'rejected';
        throw new PlumbError(code, `${device}: trial "${name}" waits, but its confirm was refused: ${said}`);
      }
      if (!netconf.can(':startup')) return;
      await netconf.rpc(
        '<copy-config><target><startup/></target><source><running/></source></copy-config>',
        patience.load.totalMs,
      );
    },
    undo: async () => {
      let refused: RpcRefusal | undefined;
      for (const token of tokens) {
        try {
          await netconf.rpc(`<cancel-commit>${id(token)}</cancel-commit>`, commitMs);
          break;
        } catch (error) {
          if (!(error instanceof RpcRefusal)) throw error;
          if (error.first.tag !== anotherToken) refused = error; // or its timer was faster
        }
      }
      if (!(await isPending(netconf))) return;
      if (refused)
        throw new PlumbError('locked', `${device}: a trial waits, but its undo was refused: ${refused.said}`, {
          hint: 'the device undoes it by its timer; if its user has no right to <cancel-commit>, grant it',
        });
      throw new PlumbError('locked', `${device}: a confirmed commit that is not ours is pending on the device`, {
        hint: 'let its owner confirm or cancel it; its timer ends it too',
      });
    },
  });
};
