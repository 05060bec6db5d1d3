import type { Mode } from '../../../core/bus.ts';
import { maskedDiff } from '../../../core/diff/masked.ts';
import { PlumbError } from '../../../core/errors.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { Candidate, ChangeName, Target } from '../../driver.ts';
import { describeRpcError, RpcRefusal } from '../../transports/netconf/errors.ts';
import type { Netconf } from '../../transports/netconf/netconf.ts';
import { trialName } from '../../trial-name.ts';
import { configParameter, lineOfPath, parseConfig, printConfig } from './config.ts';
import { lock, unlock } from './locks.ts';
import { netconfTrial, readDatastore } from './trial.ts';

const edit = (config: string, mode: Mode, netconf: Netconf): string => {
  const undoOnError = netconf.can(':rollback-on-error') ? '<error-option>rollback-on-error</error-option>' : '';
  // tested with the edit, not by <validate>: after that, netconfd 2.13 takes the candidate for unchanged and commits nothing
  const tested = netconf.can(':validate') ? '<test-option>test-then-set</test-option>' : '';
  return (
    `<edit-config><target><candidate/></target><default-operation>${mode}</default-operation>${tested}${undoOnError}` +
    `${configParameter(config)}</edit-config>`
  );
};

const rejected = (error: unknown, config: string, device: string): unknown => {
  if (!(error instanceof RpcRefusal)) return error;
  const { path, badElement } = error.first;
  const line = error.first.line ?? lineOfPath(config, path, badElement);
  const at = line === undefined ? '' : `line ${line}: "${config.split('\n')[line - 1]?.trim()}": `;
  return new PlumbError('rejected', `${device}: ${at}${describeRpcError(error.first)}`, {
    line,
  });
};

/**
 * Loads a configuration into the locked candidate and validates it.
 *
 * @throws PlumbError `rejected`, `locked`, `unsupported`
 */
export const loadNetconf = async (
  netconf: Netconf,
  target: Target,
  config: string,
  mode: Mode,
  change: ChangeName,
): Promise<Candidate> => {
  const device = target.device.name;
  for (const capability of [':candidate', ':confirmed-commit:1.1']) {
    if (netconf.can(capability)) continue;
    throw new PlumbError('unsupported', `${device}: its NETCONF server does not offer ${capability}`, {
      hint: 'Plumbline changes a NETCONF device only in a trial that any runner can confirm or cancel',
    });
  }
  parseConfig(config, device);
  const release = async (): Promise<void> => {
    await netconf.rpc('<discard-changes/>').catch(() => {});
    await unlock(netconf, 'candidate');
    await unlock(netconf, 'running');
  };
  await lock(netconf, 'running', device);
  try {
    await lock(netconf, 'candidate', device);
  } catch (error) {
    await unlock(netconf, 'running');
    throw error;
  }
  try {
    await netconf.rpc(edit(config, mode, netconf), patience.load.totalMs);
  } catch (error) {
    await release();
    throw rejected(error, config, device);
  }
  let committed = false;
  return {
    unstable: [],
    diff: async () => {
      const [running, candidate] = [await readDatastore(netconf, 'running'), await readDatastore(netconf, 'candidate')];
      const names = { before: 'running', after: 'candidate' };
      return maskedDiff(printConfig(parseConfig(running, device)), printConfig(parseConfig(candidate, device)), names);
    },
    commit: async ({ confirmSeconds, fence }) => {
      const name = trialName(change);
      const expiresAt = new Date(Date.now() + confirmSeconds * 1000);
      fence();
      try {
        await netconf.rpc(
          `<commit><confirmed/><confirm-timeout>${confirmSeconds}</confirm-timeout><persist>${name}</persist></commit>`,
          patience.commit.totalMs,
        );
      } catch (error) {
        if (!(error instanceof RpcRefusal)) throw error;
        throw new PlumbError('commit_failed', `${device}: commit: ${error.said}`);
      }
      committed = true;
      await unlock(netconf, 'candidate');
      await unlock(netconf, 'running');
      return netconfTrial(netconf, target, [name], expiresAt);
    },
    [Symbol.asyncDispose]: async () => {
      if (!committed) await release();
    },
  };
};
