import { PlumbError } from '../../../core/errors.ts';
import { refuseChangingProbes } from '../../session/read-only.ts';
import type { Deployment } from '../deployment.ts';
import { guardText, textOf } from '../guards.ts';

/** @throws PlumbError `unsupported` for what the platform cannot do */
const refuseUnable = ({ device, driver, mode, dryRun }: Deployment): void => {
  const { replace, merge, trial } = driver.capabilities;
  const missing =
    (mode === 'replace' ? replace : merge) === 'none'
      ? mode
      : trial === 'none' && !dryRun
        ? 'undo a commit by itself'
        : '';
  if (!missing) return;
  throw new PlumbError('unsupported', `${device.name}: ${device.platform} cannot ${missing}`, {
    hint:
      missing === 'replace' && merge !== 'none' && trial !== 'none'
        ? 'it supports merges: set `options: { mode: merge }` for the device in the inventory, or publish with Plumb-Mode: merge'
        : 'see `plumb platforms`',
  });
};

/**
 * Refuses what needs no look at the device: what the platform cannot do, and texts that are none.
 *
 * @returns the text to deploy
 * @throws PlumbError `unsupported`, `refused`
 */
export const guard = (deployment: Deployment): string => {
  const { device, driver, record, body, mode, force } = deployment;
  record.step('guarding');
  refuseUnable(deployment);
  refuseChangingProbes(device.name, driver, device.policy.probes);
  const { keepsBytes = false, hostname: hostnameOf } = driver;
  if (!force) {
    const { name, policy } = device;
    return guardText({ body, device: name, hostnames: [], policy, mode, keepsBytes, hostnameOf });
  }
  record.set({ forced: force });
  return textOf(body, keepsBytes);
};
