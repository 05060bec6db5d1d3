import type { DeviceState } from '../../core/bus.ts';
import { resolveCredentials } from '../../core/config/credentials.ts';
import { isOutcome, PlumbError } from '../../core/errors.ts';
import type { Device, Inventory } from '../../core/inventory/schema.ts';
import { labelsOf } from '../../core/inventory/select/labels.ts';
import { ask } from '../../core/store/ask.ts';
import { type Keeper, whyFree } from '../../core/store/leases/pools.ts';
import type { Store } from '../../core/store/store.ts';
import type { Driver, Session } from '../../runners/driver.ts';
import { inTime } from '../../runners/holding/login-time.ts';
import { type Finding, fail, failed, ok, warn } from './checks.ts';
import { checkDeviceClock, type ToldTime } from './device-clock.ts';
import { trialRecorded, trialShown } from './pending.ts';

/** Whether the platform can undo a commit by itself: without that, nothing is ever committed. */
export const checkTrial = (device: Device, driver: Driver): Finding => {
  const { trial } = driver.capabilities;
  if (trial === 'none')
    return warn('trial', device.name, `${device.platform} cannot undo a commit by itself`, 'see `plumb platforms`');
  return ok('trial', device.name, trial);
};

/** As reported by the runner that holds it. */
const clockByRunner = async (store: Store, device: Device): Promise<Finding> => {
  const askedMs = performance.now();
  try {
    const { clock } = (await ask(store, device.name, 'ping', { clock: true }, { timeoutMs: 20_000 })) as {
      clock?: ToldTime;
    };
    return checkDeviceClock(device, clock, performance.now() - askedMs);
  } catch (error) {
    if (!isOutcome(error)) throw error;
    return warn('clock', device.name, `not compared: ${error.message}`, 'is its runner of this release?');
  }
};

const clockOf = async (device: Device, session: Session): Promise<Finding> => {
  const askedMs = performance.now();
  const told = await session.clock?.();
  const tookMs = performance.now() - askedMs;
  return checkDeviceClock(device, told && { ...told, readMsAgo: tookMs / 2 }, tookMs);
};

/** What the runner that holds the device says: its session, and what is pending on the device. */
export const checkHeld = async (store: Store, device: Device, state: DeviceState | undefined): Promise<Finding[]> => {
  const findings: Finding[] = [];
  try {
    const { facts } = (await ask(store, device.name, 'facts', {}, { timeoutMs: 20_000 })) as {
      facts: { vendor: string | null; os_version: string | null; hostname: string | null };
    };
    findings.push(ok('login', device.name, `by its runner: ${facts.vendor ?? '?'} ${facts.os_version ?? ''}`));
    if (facts.hostname !== null && facts.hostname !== device.name) {
      const why = `it calls itself ${facts.hostname}`;
      findings.push(warn('hostname', device.name, why, 'is the address in inventory.yml that of another device?'));
    }
    findings.push(await clockByRunner(store, device));
  } catch (error) {
    const isKey = error instanceof PlumbError && error.code.startsWith('host_key_');
    const fix = isKey
      ? `someone may be listening in; if it was replaced or reset, \`plumb trust ${device.name}\` pins the new key`
      : 'read the message, fix the cause, then `plumb retry`';
    findings.push(failed('login', device.name, error, fix));
  }
  const recorded = state && trialRecorded(state);
  if (recorded) findings.push(recorded);
  if (state && state.sync !== 'in_sync' && state.sync !== 'unmanaged' && state.sync !== 'deploying') {
    findings.push(warn('sync', device.name, `${state.sync}: ${state.reason}`, `plumb diff ${device.name}`));
  }
  return findings;
};

/**
 * Logs in from here, if no runner holds the device; nothing is changed on it.
 *
 * @param known names that a trial of ours may have: some devices list a trial and not its name
 */
export const checkLogin = async (
  inventory: Inventory,
  device: Device,
  driver: Driver,
  knownHosts: string,
  signal: AbortSignal,
  known: () => Promise<readonly string[]>,
): Promise<Finding[]> => {
  const findings: Finding[] = [];
  try {
    const credentials = await resolveCredentials(inventory, device);
    const both = AbortSignal.any([signal, AbortSignal.timeout(20_000)]);
    await using session = await inTime(device.name, both, (end) =>
      driver.open({ device, credentials, knownHosts }, end),
    );
    const { vendor, os_version, hostname } = await session.facts();
    findings.push(ok('login', device.name, `from here: ${vendor ?? '?'} ${os_version ?? ''}`));
    if (hostname !== null && hostname !== device.name) {
      const why = `it calls itself ${hostname}`;
      findings.push(warn('hostname', device.name, why, 'is the address in inventory.yml that of another device?'));
    }
    findings.push(await clockOf(device, session));
    const trial = await session.pending(await known());
    if (trial) findings.push(trialShown(device.name, trial));
  } catch (error) {
    if (!isOutcome(error)) throw error;
    const fix = error.code === 'unauthorized' ? 'check user, password or key in inventory.yml' : 'read the message';
    findings.push(failed('login', device.name, error, fix));
  }
  return findings;
};

export const nobodyHolds = (site: string, device: Device, keepers: readonly Keeper[]): Finding => {
  const why = whyFree(site, { ...device, device: device.name, labels: labelsOf(device) }, keepers);
  const fix =
    keepers.length === 0 ? '`plumb runner`, or `plumb up`' : 'start a runner that may have it, or give one more room';
  return fail('runner', device.name, ['no runner holds it', why].filter(Boolean).join(': '), fix);
};
