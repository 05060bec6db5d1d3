import { explain, PlumbError } from '../../../core/errors.ts';
import { transports } from '../../../core/platform-names.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { Driver, Session, Target } from '../../driver.ts';
import { nothingKept, type SessionWays, sessionOf, unsupported } from '../../session/session.ts';
import type { Facts } from '../../shapes.ts';
import { RpcRefusal } from '../../transports/netconf/errors.ts';
import { Netconf } from '../../transports/netconf/netconf.ts';
import { openSsh } from '../../transports/ssh/ssh.ts';
import { sshOptions } from '../../transports/ssh/target.ts';
import { child, descend, textOf } from '../../xml.ts';
import { loadNetconf } from './candidate.ts';
import { parseConfig, printConfig } from './config.ts';
import { netconfTrial, pendingTrial, readDatastore } from './trial.ts';

const systemNamespace = 'urn:ietf:params:xml:ns:yang:ietf-system';

/** The connection and the NETCONF session on its subsystem. */
export const openNetconf = async (target: Target, signal: AbortSignal, defaultPort = 830) => {
  const ssh = await openSsh(sshOptions(target, defaultPort), signal);
  try {
    const netconf = await Netconf.open(
      target.device.name,
      await ssh.subsystem('netconf', signal),
      signal,
      target.fence,
    );
    return { ssh, netconf };
  } catch (error) {
    await ssh[Symbol.asyncDispose]();
    throw error;
  }
};

const facts = async (netconf: Netconf): Promise<Facts> => {
  const filter = `<filter type="subtree"><system xmlns="${systemNamespace}"/><system-state xmlns="${systemNamespace}"/></filter>`;
  const data = await netconf.rpc(`<get>${filter}</get>`).then(
    ({ root }) => child(root, 'data'),
    (error: unknown) => {
      if (error instanceof RpcRefusal) return undefined; // no ietf-system: nothing is known
      throw error;
    },
  );
  const state = child(data, 'system-state', systemNamespace);
  const hostname = textOf(data, 'system', 'hostname') ?? null;
  const booted = Date.parse(textOf(state, 'clock', 'boot-datetime') ?? '');
  const now = Date.parse(textOf(state, 'clock', 'current-datetime') ?? '');
  return {
    hostname,
    fqdn: null,
    vendor: null,
    model: textOf(state, 'platform', 'machine') ?? null,
    os_version: textOf(state, 'platform', 'os-release') ?? null,
    serial_number: null,
    uptime: Number.isFinite(now - booted) ? Math.round((now - booted) / 1000) : null,
    interface_list: [],
  };
};

/** The NETCONF session of now, which a trial is given another for. */
type Talk = { target: Target; netconf: Netconf; renew(): Promise<void> };

const ways: SessionWays<Talk> = {
  platform: 'netconf',
  run: async ({ target: { device }, netconf }, command, options) => {
    if (!command.trimStart().startsWith('<'))
      return unsupported(device.name, 'netconf', 'commands; send XML operations such as <get/>');
    try {
      return printConfig((await netconf.rpc(command, options?.timeoutMs)).root);
    } catch (error) {
      if (error instanceof RpcRefusal) throw new PlumbError('rejected', `${device.name}: ${error.said}`);
      throw error;
    }
  },
  load: async (talk, config, mode, name) => {
    const candidate = await loadNetconf(talk.netconf, talk.target, config, mode, name);
    return {
      unstable: candidate.unstable,
      diff: () => candidate.diff(),
      commit: async (options) => {
        const { name: token, expiresAt } = await candidate.commit(options);
        await talk.renew();
        return netconfTrial(talk.netconf, talk.target, [token], expiresAt);
      },
      [Symbol.asyncDispose]: () => candidate[Symbol.asyncDispose](),
    };
  },
  pending: ({ netconf, target }, known) => pendingTrial(netconf, target, known),
  saved: async () => [],
  savedConfig: async ({ target: { device } }, job) => nothingKept(device.name, job),
  clean: async () => [], // locks and candidates end with the session that holds them
  config: ({ netconf }, from) =>
    readDatastore(netconf, from === 'startup' && netconf.can(':startup') ? 'startup' : 'running'),
  facts: ({ netconf }) => facts(netconf),
};

const open = async (target: Target, signal: AbortSignal): Promise<Session> => {
  const { ssh, netconf } = await openNetconf(target, signal);
  let gone = (_reason: string): void => {};
  const closed = new Promise<string>((resolve) => {
    gone = resolve;
  });
  let watched: Netconf | undefined = netconf;
  const watch = (each: Netconf) => void each.closed.then((reason) => each === watched && gone(reason));
  void ssh.closed.then(gone);
  watch(netconf);
  /**
   * RFC 6241, 7.5: whether a trial waits shows in that running cannot be locked, and that need not be so for the session that
   * armed it. With `persist` a trial outlives its session: so that one ends.
   */
  const renew = async (): Promise<void> => {
    const armed = talk.netconf;
    watched = undefined;
    const late = AbortSignal.timeout(patience.show.totalMs);
    try {
      await armed.rpc('<close-session/>').catch(() => {}); // some hang up without an answer
      talk.netconf = await Netconf.open(target.device.name, await ssh.subsystem('netconf', late), late, target.fence);
      watched = talk.netconf;
      watch(talk.netconf);
    } catch (error) {
      gone(explain(error)); // the commit is good, and whoever comes next logs in anew
    }
    await armed[Symbol.asyncDispose]();
  };
  const talk: Talk = { target, netconf, renew };
  const end = async (): Promise<void> => {
    await talk.netconf[Symbol.asyncDispose]();
    await ssh[Symbol.asyncDispose]();
  };
  return sessionOf(ways, talk, target, { closed, alive: () => ssh.alive(), [Symbol.asyncDispose]: end });
};

/** Any device with a NETCONF candidate and confirmed commits with `persist`. Source: RFC 6241, RFC 6242. */
export const netconf: Driver = {
  platform: 'netconf',
  capabilities: {
    transports: transports.netconf,
    replace: 'atomic',
    merge: 'atomic',
    diff: 'computed',
    trial: 'native',
    trialUnitSeconds: 1,
    confirmFrom: 'any',
    comment: false,
    startup: false,
    undo: '`<cancel-commit>` with the token of our trial; the device refuses any other',
    neverEqual: 'none',
    getters: ['facts'],
    tested: 'netconfd (Yuma123) 2.13, for real',
    notes: [
      'Needs :candidate and :confirmed-commit:1.1; without them nothing is changed.',
      'NETCONF reports that a trial is pending but not whose: the bus has the tokens of ours, and the device refuses any other.',
      'The device keeps no earlier configurations for `plumb rollback`; git has them.',
      'A replace replaces every module of the datastore, including access control.',
    ],
  },
  readOnly: { operations: ['get', 'get-config', 'get-data', 'get-schema'] },
  open,
  normalise: (config) => printConfig(parseConfig(config, 'the configuration')),
  hostname: (config) => {
    const system = child(parseConfig(config, 'the configuration'), 'system', systemNamespace);
    return descend(system, 'hostname')?.text.trim();
  },
};
