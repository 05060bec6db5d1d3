import type { CiscoAction, CiscoCli } from '../cisco.ts';
import { ctime } from '../clock.ts';
import type { Io } from '../platform.ts';
import { sameTree } from '../tree.ts';
import type { Target, Targets } from './targets.ts';

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
    const complaint = await targets.commit(target, tree, {
      ...(confirmed ? { seconds } : {}),
      ...(label === undefined ? {} : { label }),
      ...(comment === undefined ? {} : { comment }),
    });
    return replace && complaint?.startsWith('% No configuration changes') ? '' : (complaint ?? '');
  };

/** Leaving with changes: commit them first? @returns false to stay */
export const leave = async (targets: Targets, target: Target, cli: CiscoCli, io: Io): Promise<boolean> => {
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
    if (device.trial && at === 1 && !kind.startsWith('t')) {
      device.undo();
      return '\nLoading Rollback Changes.\nLoaded Rollback Changes in 1 sec\nCommitting.\nUpdating.\nUpdated Commit database in 1 sec\nConfiguration successfully rolled back 1 commits.\n';
    }
    if (!targets.rollback(at, login)) return `% Couldn't locate the requested commit\n`;
    return `\nLoading Rollback Changes.\nLoaded Rollback Changes in 1 sec\nCommitting.\nUpdating.\nUpdated Commit database in 1 sec\nConfiguration successfully rolled back ${at} commits.\n`;
  };

/** `show configuration commit list [detail]`. */
export const commitList =
  (detail: boolean): CiscoAction =>
  ({ device }) => {
    if (detail)
      return device.history
        .map(
          ({ id, user, at, client, comment }, n) =>
            `   ${n + 1}) CommitId: ${id}                 Label: NONE\n      UserId:   ${user}                      Line:  vty0\n      Client:   ${client}                        Time:  ${ctime(at)}\n      Comment:  ${comment || 'NONE'}\n\n`,
        )
        .join('');
    return `SNo. Label/ID              User      Line                Client      Time Stamp\n~~~~ ~~~~~~~~              ~~~~      ~~~~                ~~~~~~      ~~~~~~~~~~\n${device.history.map(({ id, user, at, client }, n) => `${String(n + 1).padEnd(5)}${id.padEnd(22)}${user.padEnd(10)}vty0                ${client.padEnd(12)}${ctime(at)}\n`).join('')}`;
  };

/** `show configuration sessions [detail]`: who edits, who holds the lock, which trial waits. */
export const sessions =
  (targets: Targets, detail: boolean): CiscoAction =>
  ({ device }) => {
    const name = (id: number) => `00001000-${id.toString(16).padStart(8, '0')}-00000000`;
    const rows = [...targets.open].map(
      ({ login, since }) =>
        `${name(login.id)}     vty${login.id}       ${login.user.padEnd(8)} ${ctime(since)} ${targets.lockedBy?.id === login.id ? '*' : ''}\n${detail ? `    Client: CLI, Elapsed time: ${Math.round((device.clock.now() - since) / 1000)} seconds\n` : ''}`,
    );
    if (targets.lockedBy && targets.lockedBy.id < 0)
      rows.push(`${name(999)}     vty9       ${targets.lockedBy.user.padEnd(8)} ${ctime(device.bootedAt)} *\n`);
    const { trial } = device;
    const waiting =
      trial && detail
        ? `Trial configuration in effect: session ${name(trial.armedBy.id)}, user ${trial.user}, rollback in ${Math.max(0, Math.round((trial.expiresAt - device.clock.now()) / 1000))} seconds\n`
        : '';
    return `Current Configuration Session  Line       User     Date                     Lock\n${rows.join('')}${waiting}`;
  };

/** Who else may not: what `configure exclusive` says. */
export const refused = (user: string): string =>
  `Configuration database locked by ${user} on vty9. Please try again later.\n`;
