import type { CiscoAction, CiscoCli } from '../cisco/cisco.ts';
import { ctime } from '../clock.ts';
import { sameTree } from '../config/tree.ts';
import type { Io } from '../platform.ts';
import { sessionName, type Target, type Targets, unexpired } from './targets.ts';

const others = `One or more commits have occurred from other
configuration sessions since this session started
or since the last commit was made from this session.
You can use the 'show configuration commit changes'
command to browse the changes.
Do you wish to proceed with this commit anyway? [no]: `;

const sure = `
This commit will replace or remove the entire running configuration. This
operation can be service affecting.
Do you wish to proceed? [no]: `;

const exiting = `
You are exiting after a 'commit confirm' with an active rollback session.  If you exit the configuration awaiting confirmation will not be confirmed and the router will immediately rollback to the previous configuration.
Do you wish to exit? [no]: `;

const words = (rest: string) => ({
  replace: /\breplace\b/.test(rest),
  confirmed: /\bconfirmed(?: (minutes))?(?: (\d+))?/.exec(rest),
  label: /\blabel (\S+)/.exec(rest)?.[1],
  comment: /\bcomment (.+)$/.exec(rest)?.[1],
});

/** `commit [replace] [confirmed N] [label L] [comment C]`. */
export const commit =
  (targets: Targets, targetOf: (cli: CiscoCli) => Target | undefined): CiscoAction =>
  async (cli, [rest = ''], io) => {
    const target = targetOf(cli);
    if (!target) return '';
    const { replace, confirmed, label, comment } = words(rest);
    const [, unit, amount = '30'] = confirmed ?? [];
    const seconds = Number(amount) * (unit === 'minutes' ? 60 : 1);
    if (confirmed && (seconds < 30 || seconds > 65_535)) return "% Invalid input detected at '^' marker.\n";
    if (target.base !== cli.device.running && !sameTree(target.base, cli.device.running) && !target.empty) {
      const answer = await io.ask(others);
      if (!/^y/i.test(answer ?? '')) return '';
    }
    if (replace && !/^y/i.test((await io.ask(sure)) ?? '')) return '';
    const tree = replace ? target.replaced().root : target.merged(cli.device.running);
    const confirms = cli.device.trial?.armedBy.id === cli.login.id && !confirmed;
    const complaint = await targets.commit(target, tree, {
      seconds: confirmed ? seconds : undefined,
      label,
      comment,
    });
    if (confirms && complaint === undefined) return '% Confirming commit for trial session.\n';
    return replace && complaint?.startsWith('% No configuration changes') ? '' : (complaint ?? '');
  };

/** Leaving with changes: commit them first? @returns false to stay */
export const leave = async (targets: Targets, target: Target, cli: CiscoCli, io: Io): Promise<boolean> => {
  if (cli.device.trial?.armedBy.id === cli.login.id) {
    if (!/^y/i.test((await io.ask(exiting)) ?? '')) return false;
    targets.cancel();
    targets.end(target);
    return true;
  }
  if (!target.empty && !sameTree(target.merged(cli.device.running), cli.device.running)) {
    const answer =
      (await io.ask('Uncommitted changes found, commit them before exiting(yes/no/cancel)? [cancel]:')) ?? 'no';
    if (/^y/i.test(answer)) {
      const complaint = await targets.commit(target, target.merged(cli.device.running), {});
      if (complaint !== undefined) {
        io.print(complaint);
        return false;
      }
    } else if (!/^n/i.test(answer)) return false;
  }
  targets.end(target);
  return true;
};

/** `rollback configuration last N` and `rollback configuration to ID`. */
export const rollback =
  (targets: Targets): CiscoAction =>
  ({ device, login }, [kind = '', number = '1']) => {
    const at = kind.startsWith('t') ? device.history.findIndex(({ id }) => id === number) + 1 : Number(number);
    if (device.trial) return unexpired(device.trial);
    if (!targets.rollback(at, login)) return `% Couldn't locate the requested commit\n`;
    return `\nLoading Rollback Changes.\nLoaded Rollback Changes in 1 sec\nCommitting.\nUpdating.\nUpdated Commit database in 1 sec\nConfiguration successfully rolled back ${at} commits.\n`;
  };

/** `show configuration commit list [detail]`. */
export const commitList =
  (detail: boolean): CiscoAction =>
  (cli, [count = '100']) => {
    if (cli.editor) return cli.complaint('invalid', 'show configuration commit', 'show configuration '.length);
    if (!/^\d+$/.test(count)) return cli.complaint('invalid', `show configuration commit list ${count}`, 31);
    const history = cli.device.history.slice(0, Number(count));
    if (detail)
      return history
        .map(
          ({ id, user, at, client, comment }, n) =>
            `   ${n + 1}) CommitId: ${id}                 Label: NONE\n      UserId:   ${user}                      Line:  vty0\n      Client:   ${client}                        Time:  ${ctime(at)}\n      Comment:  ${comment || 'NONE'}\n\n`,
        )
        .join('');
    return `SNo. Label/ID              User      Line                Client      Time Stamp\n~~~~ ~~~~~~~~              ~~~~      ~~~~                ~~~~~~      ~~~~~~~~~~\n${history.map(({ id, user, at, client }, n) => `${String(n + 1).padEnd(5)}${id.padEnd(22)}${user.padEnd(10)}vty0                ${client.padEnd(12)}${ctime(at)}\n`).join('')}`;
  };

type Row = { id: number; line: string; user: string; since: number; lock: boolean; client: string; process: string };

const row = ({ id, line, user, since, lock }: Row): string =>
  `${sessionName(id)}     ${line.padEnd(10)} ${user.padEnd(8)} ${ctime(since)} ${lock ? '*' : ''}\n`;

const block = ({ id, line, user, since, lock, client, process }: Row, at: number, now: number): string =>
  `  ${at + 1}) Session: ${sessionName(id)}  ${ctime(since)}
     Line: ${line.padEnd(31)}Lock: ${lock ? 'Reserved' : 'None'}
     User: ${user.padEnd(31)}Client: ${client}
     Process: ${process.padEnd(28)}PID: ${20_000 + (id & 0xfff)}
     Node:                                Elapsed Time: ${Math.round((now - since) / 1000)} sec.

`;

const table = 'Current Configuration Session  Line       User     Date                     Lock\n';

/** `show configuration sessions [detail]`: who edits, who holds the lock, and a trial as a session of its own. */
export const sessions =
  (targets: Targets, detail: boolean): CiscoAction =>
  (cli) => {
    if (cli.editor) return cli.complaint('invalid', 'show configuration sessions', 'show configuration '.length);
    const { clock, trial } = targets.device;
    const rows = [...targets.open].map(({ login, since }): Row => {
      const { id, user } = login;
      const lock = targets.lockedBy?.id === id;
      return { id, line: `vty${id & 0xff}`, user, since, lock, client: 'CLI', process: 'config' };
    });
    if (trial) {
      const { armedBy, user, since } = trial;
      const its = { line: `vty${armedBy.id & 0xff}`, user, since, lock: false };
      rows.push({ id: armedBy.id + 0x1000, ...its, client: 'commit-confirm', process: 'cfgmgr_trial_co' });
    }
    if (rows.length === 0) return '';
    return detail ? rows.map((each, at) => block(each, at, clock.now())).join('') : table + rows.map(row).join('');
  };

/** Who may not: what `configure exclusive` says. */
export const refused = ({ device, lockedBy, open }: Targets, cli: CiscoCli): string | undefined => {
  if (device.trial && device.trial.armedBy.id !== cli.login.id)
    return 'Cannot enter exclusive mode. A trial commit is underway in another configuration session.\n';
  if (!lockedBy) return undefined;
  const since = [...open].find(({ login }) => login.id === lockedBy.id)?.since ?? device.bootedAt;
  const { id, user } = lockedBy;
  const held = row({ id, line: `vty${id & 0xff}`, user, since, lock: true, client: 'CLI', process: 'config' });
  return `${table}${held}Cannot enter exclusive mode. The Configuration Namespace is locked by another agent.\n`;
};
