import { Command } from 'commander';
import { DeviceState, InventoryEntry, Runner } from '../../core/bus.ts';
import { isOutcome } from '../../core/errors.ts';
import type { Device, Inventory } from '../../core/inventory/schema.ts';
import { listKeepers } from '../../core/store/leases/holders.ts';
import type { Keeper } from '../../core/store/leases/pools.ts';
import { listRecords } from '../../core/store/records.ts';
import type { Store } from '../../core/store/store.ts';
import { attempted } from '../../runners/holding/own-trials.ts';
import { each } from '../asking/each.ts';
import { startProgress, untilStopped } from '../asking/follow-job.ts';
import type { Context } from '../context.ts';
import { checkApi } from '../doctor/api.ts';
import {
  checkCredentials,
  checkNode,
  checkState,
  checkTcp,
  type Finding,
  fail,
  failed,
  ok,
  warn,
} from '../doctor/checks.ts';
import { checkClock } from '../doctor/clock.ts';
import { checkHeld, checkLogin, checkTrial, nobodyHolds } from '../doctor/device.ts';
import { checkRunner } from '../doctor/runner.ts';
import { checkKnownHosts, checkTrust } from '../doctor/trust.ts';
import { deviceArgument, pickFromInventory, selectOption, type Wanted } from '../inventory/devices.ts';
import { pinsInForce, readRunFile } from '../inventory/run-file.ts';
import { type Column, type Format, outputOption, print } from '../output/output.ts';
import { count } from '../output/text.ts';

const columns: readonly Column<Finding>[] = [
  {
    head: 'RESULT',
    cell: ({ result }) => result,
    colour: ({ result }) => (result === 'ok' ? 'green' : result === 'warn' ? 'yellow' : 'red'),
  },
  { head: 'CHECK', cell: ({ check }) => check },
  { head: 'ON', cell: ({ on }) => on },
  { head: 'FOUND', cell: ({ detail }) => detail },
];

/** A finding for each fault: `inventory.yml:8:3: devices.leaf2: what is wrong`. */
const faultsOf = (path: string, error: unknown): Finding[] => {
  const fix = 'docs/inventory.md lists every key and its values';
  if (!isOutcome(error, 'invalid_inventory')) return [failed('inventory', path, error, fix)];
  return error.message.split('\n').map((line, at) => {
    const [, where, detail] = /^([^\s:]+:\d+:\d+): (.*)$/.exec(line) ?? [];
    if (!where || !detail) return fail('inventory', path, line, error.hint ?? fix);
    const fault = { check: 'inventory', on: where, result: 'fail' as const, detail };
    return at === 0 ? { ...fault, fix } : fault; // reported for the first one, it holds for all
  });
};

const checkInventory = async (context: Context): Promise<{ inventory?: Inventory; findings: Finding[] }> => {
  try {
    const inventory = await context.inventory();
    const detail = `site ${inventory.site}, ${count(inventory.devices.size, 'device')}`;
    return { inventory, findings: [ok('inventory', inventory.path, detail)] };
  } catch (error) {
    return { findings: faultsOf(context.config.inventory, error) };
  }
};

const checkNats = async (context: Context): Promise<{ store?: Store; finding: Finding }> => {
  try {
    const store = await context.store();
    const rtt = await store.nc.rtt();
    const detail = `${store.nc.info?.version ?? '?'}, JetStream, ${rtt} ms`;
    return { store, finding: ok('nats', store.nc.getServer(), detail) };
  } catch (error) {
    const { nats, state, folder } = context.config;
    if (!nats && !(await readRunFile(state)))
      return {
        finding: warn('nats', '', `none is named, and no \`plumb up\` runs in ${folder}`, '`plumb up` starts one'),
      };
    return { finding: failed('nats', context.config.nats?.url ?? '', error, 'start nats-server with -js') };
  }
};

/** Whether this user may read what the verbs read: a missing permission is named here. */
const checkPermissions = async (store: Store): Promise<Finding> => {
  try {
    for (const bucket of [store.state, store.inventory, store.runners, store.lease]) await bucket.status();
    return ok('permissions', store.site, 'streams and buckets can be read');
  } catch (error) {
    return failed('permissions', store.site, error, 'docs/subjects.md lists what each role needs');
  }
};

const checkParts = async (store: Store, keepers: readonly Keeper[], context: Context): Promise<Finding[]> => {
  const entries = await listRecords(store.inventory, InventoryEntry);
  const problems = [...entries.values()].filter(({ problem }) => problem);
  const started = await listRecords(store.runners, Runner);
  return [
    entries.size > 0
      ? ok('watcher', store.site, `${count(entries.size, 'device')} published`)
      : fail('watcher', store.site, 'no device has ever been published', '`plumb watch`, or `plumb up`'),
    ...problems.map(({ device, problem }) => fail('source', device, problem ?? '', 'fix what it names')),
    ...keepers.map((keeper) => checkRunner(keeper, started.get(keeper.runner))),
    await checkApi(context, store),
  ];
};

const checkDevice = async (
  context: Context,
  inventory: Inventory,
  device: Device,
  bus:
    | { store: Store; held: ReadonlySet<string>; keepers: readonly Keeper[]; states: ReadonlyMap<string, DeviceState> }
    | undefined,
): Promise<Finding[]> => {
  const { signal, config } = context;
  const knownHosts = await pinsInForce(config);
  const { driverFor } = await import('../../runners/drivers/registry.ts');
  const first = await Promise.all([
    checkTcp(device, signal),
    checkTrust(knownHosts, device, signal),
    checkCredentials(inventory, device),
  ]);
  const found = first.filter((finding): finding is Finding => finding !== undefined);
  try {
    const driver = driverFor(device.platform);
    found.push(checkTrial(device, driver));
    const known = async () =>
      bus ? attempted(bus.store, { device: device.name, trial: bus.states.get(device.name)?.trial ?? null }) : [];
    if (bus?.held.has(device.name)) found.push(...(await checkHeld(bus.store, device, bus.states.get(device.name))));
    else {
      if (bus) found.push(nobodyHolds(inventory.site, device, bus.keepers));
      if (found.every(({ result }) => result !== 'fail' || bus))
        found.push(...(await checkLogin(inventory, device, driver, knownHosts, signal, known)));
    }
  } catch (error) {
    if (!isOutcome(error)) throw error;
    found.push(failed('platform', device.name, error, 'see `plumb platforms`'));
  }
  return found;
};

const examine = async (context: Context, wanted: Wanted): Promise<Finding[]> => {
  const { inventory, findings: ofInventory } = await checkInventory(context);
  const findings = [checkNode(), await checkState(context.config.state), ...ofInventory];
  findings.push(...(await checkKnownHosts(await pinsInForce(context.config))));
  if (!inventory) return findings;
  const chosen = pickFromInventory(inventory, wanted);
  const { store, finding: natsFinding } = await checkNats(context);
  findings.push(natsFinding);
  let bus: Parameters<typeof checkDevice>[3];
  if (store) {
    findings.push(await checkPermissions(store));
    const { held: leases, keepers } = await listKeepers(store);
    findings.push(...(await checkParts(store, keepers, context)));
    const held = new Set(leases.keys());
    findings.push(await checkClock(store, held.size > 0));
    bus = { store, held, keepers, states: await listRecords(store.state, DeviceState) };
  }
  const devices = chosen.flatMap((name) => inventory.devices.get(name) ?? []);
  const perDevice = await each(devices, (device) => checkDevice(context, inventory, device, bus));
  return [...findings, ...perDevice.flat()];
};

/** `plumb doctor`: what is wrong, and how to fix it. */
export const doctorVerb = (context: Context): Command =>
  new Command('doctor')
    .description(
      'Check NATS, inventory, credentials, host keys, certificates and each device, and say how to fix what is wrong.',
    )
    .argument('[device...]', deviceArgument)
    .addOption(selectOption())
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nChanges nothing. Exit code: 1 if something is wrong.\n\nExample:\n  $ plumb doctor\n  $ plumb doctor leaf1',
    )
    .action(async (devices: string[], { output, ...only }: Wanted & { output: Format }) => {
      using progress = startProgress(context);
      progress.set('doctor', 'looking');
      const findings = await untilStopped(context.signal, examine(context, { ...only, devices }), 'the checks');
      progress.clear();
      print(context, output, findings, columns);
      const wrong = findings.filter(({ fix }) => fix !== undefined);
      if ((output === 'table' || output === 'wide') && wrong.length > 0) {
        context.out('\nto fix it:\n');
        for (const { check, on, fix } of wrong) context.out(`  ${[on, check].filter(Boolean).join(' ')} → ${fix}\n`);
      }
      if (findings.some(({ result }) => result === 'fail')) context.exit(1);
    });
