import { defined } from '../../../core/defined.ts';
import { explain, PlumbError } from '../../../core/errors.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { Target } from '../../driver.ts';
import { describeRpcError, RpcRefusal } from '../../transports/netconf/errors.ts';
import { child, children, descendants, escapeXml, textOf } from '../../xml.ts';
import { openNetconf } from '../netconf/platform.ts';
import { rpcOf } from './getters/rpc.ts';
import { type JunosOps, type LoadAction, lockHint, readHistory } from './ops.ts';
import { StatementRefusal } from './refusal.ts';

const wrap = (action: LoadAction, text: string): string => {
  if (action === 'set') {
    return `<load-configuration action="set" format="text"><configuration-set>${escapeXml(text)}</configuration-set></load-configuration>`;
  }
  return `<load-configuration action="${action}" format="text"><configuration-text>${escapeXml(text)}</configuration-text></load-configuration>`;
};

/** Where a check says what it refuses; any other refusal as it is. */
const statementOf = (error: RpcRefusal): Error => {
  const { path, badElement, message } = error.errors.find((one) => one.path !== '') ?? error.first;
  return path === '' ? error : new StatementRefusal(path, badElement, message);
};

/** A Junos by NETCONF on port 830. */
export const openJunosNetconf = async (target: Target, signal: AbortSignal): Promise<JunosOps> => {
  const { ssh, netconf } = await openNetconf(target, signal);
  const name = target.device.name;
  const { totalMs: loadMs } = patience.load;
  const { totalMs: commitMs } = patience.commit;
  const refused =
    (code: 'locked' | 'rejected' | 'commit_failed', what: string) =>
    (error: unknown): never => {
      if (!(error instanceof RpcRefusal)) throw error;
      const users = code === 'locked' && error.first.users.length > 0 ? ` (${error.first.users.join(', ')})` : '';
      throw new PlumbError(code, `${name}: ${what}: ${error.said}${users}`, {
        cause: code === 'locked' ? error : statementOf(error),
        hint: code === 'locked' ? lockHint : undefined,
      });
    };
  return {
    target,
    lock: async () => {
      await netconf.rpc('<lock-configuration/>').catch(refused('locked', 'the configuration database'));
    },
    unlock: async () => {
      await netconf.rpc('<load-configuration compare="rollback" rollback="0"/>').catch(() => {});
      try {
        await netconf.rpc('<unlock-configuration/>');
        return undefined;
      } catch (error) {
        await netconf[Symbol.asyncDispose](); // the lock goes with the session
        return explain(error);
      }
    },
    load: async (action, text) => {
      const loaded = netconf.rpc(wrap(action, text), loadMs).catch((error: unknown) => {
        if (!(error instanceof RpcRefusal)) throw error;
        const { first } = error;
        const lines = text.split('\n');
        const found = first.badElement === '' ? -1 : lines.findIndex((line) => line.includes(first.badElement));
        const line = first.line ?? (found < 0 ? undefined : found + 1);
        const at = line === undefined ? '' : `line ${line}: "${lines[line - 1]?.trim()}": `;
        throw new PlumbError('rejected', `${name}: ${at}${describeRpcError(first)}`, defined({ line }));
      });
      // asked for right behind it: requests are answered in their order
      const compared = netconf.rpc('<get-configuration compare="rollback" rollback="0" format="text"/>', loadMs);
      compared.catch(() => {}); // a load that was refused says why
      await loaded;
      const { root } = await compared;
      return (textOf(root, 'configuration-information', 'configuration-output') ?? '').trim();
    },
    rollback: async (number) => {
      await netconf.rpc(`<load-configuration rollback="${number}"/>`, loadMs);
    },
    check: async () => {
      await netconf
        .rpc('<commit-configuration><check/></commit-configuration>', commitMs)
        .catch(refused('rejected', 'commit check'));
    },
    commit: async (log, minutes) => {
      const confirmed = minutes === undefined ? '' : `<confirmed/><confirm-timeout>${minutes}</confirm-timeout>`;
      const both = target.device.options.synchronize === true ? '<synchronize/>' : '';
      await netconf
        .rpc(`<commit-configuration>${confirmed}${both}<log>${escapeXml(log)}</log></commit-configuration>`, commitMs)
        .catch(refused('commit_failed', 'commit'));
    },
    history: async () => {
      const { text } = await netconf.rpc('<get-commit-information/>');
      return readHistory(text);
    },
    config: async (database) => {
      const { root } = await netconf.rpc(`<get-configuration database="${database}" format="text"/>`, loadMs);
      const [found] = descendants(root, 'configuration-text');
      if (found) return `${found.text.trim()}\n`;
      throw new PlumbError('parse_failed', `${name}: the reply to <get-configuration> has no <configuration-text>`);
    },
    run: async (command, timeoutMs) => {
      const { root } = await netconf
        .rpc(`<command format="text">${escapeXml(command)}</command>`, timeoutMs)
        .catch(refused('rejected', `"${command}"`));
      return (child(root, 'output')?.text ?? root.children.map(({ text }) => text).join('\n')).trim();
    },
    ask: async (request) => {
      try {
        const { root, text } = await netconf.rpc(rpcOf(request), patience.show.totalMs);
        return children(root, 'ok').length > 0 ? undefined : text;
      } catch (error) {
        if (error instanceof RpcRefusal) return undefined;
        throw error;
      }
    },
    alive: () => ssh.alive(),
    closed: Promise.race([ssh.closed, netconf.closed]),
    [Symbol.asyncDispose]: async () => {
      await netconf[Symbol.asyncDispose]();
      await ssh[Symbol.asyncDispose]();
    },
  };
};
