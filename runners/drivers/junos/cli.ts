import { explain, PlumbError } from '../../../core/errors.ts';
import { type CliDriver, patience } from '../../dialogue/cli-driver.ts';
import type { Target } from '../../driver.ts';
import { openShell } from '../../session/shell.ts';
import { type JunosOps, lockHint, readHistory } from './ops.ts';
import { readRefusal } from './refusal.ts';

/** The command line of Junos. Source: Junos OS CLI User Guide. */
export const junosCli: CliDriver = {
  prompt: /^(?:[\w\-@():.]{1,63}[>#]|root@[\w.-]*%|%)\s?$/,
  configPrompt: /^[\w\-@():.]{1,63}#\s?$/,
  base: /^(?<base>[\w\-@():.]+)/,
  errors: [
    /^error: [^\n]*/m,
    /^[ \t]*(?:syntax error|unknown command|missing argument|missing mandatory argument|invalid value)[^\n]*/m,
    /^.* is ambiguous\.$/m,
  ],
  setup: ['set cli screen-length 0', 'set cli screen-width 511', 'set cli complete-on-space off'],
  // `load … terminal` reads a paste as it is; nothing is documented that makes `?` a text in a command.
  // Source: Junos OS CLI User Guide, "CLI Keyboard Sequences" and "Loading a Configuration from the Terminal".
  typing: { keys: '?\t', rawTexts: true },
  questions: [{ ask: /(?:Exit with|Discard) uncommitted changes\? \[yes,no\] \(yes\)\s*$/, answer: 'yes' }],
  pagers: [/^---\(more(?: \d+%)?\)---\s*$/],
  promptLine: /^(?=.)(?:\{\w+(?::\w*\d)?\})?(?:\[edit.*\])?$/,
  noise: [/^# commit confirmed will be rolled back in .*$/],
};

const commands: Record<string, string> = {
  'get-system-information': 'show system information',
  'get-software-information': 'show version',
  'get-system-uptime-information': 'show system uptime',
  'get-commit-revision-information': 'show system commit revision',
  'get-chassis-inventory': 'show chassis hardware',
  'get-interface-information': 'show interfaces terse', // the only form that tells a length with each address
  'get-instance-information': 'show route instance',
  'get-bgp-neighbor-information': 'show bgp neighbor',
  'get-bgp-summary-information': 'show bgp summary',
  'get-route-summary-information': 'show route summary',
  'get-forwarding-table-information': 'show route forwarding-table summary',
  'get-ospf-neighbor-information': 'show ospf neighbor',
  'get-isis-adjacency-information': 'show isis adjacency',
  'get-lldp-neighbors-information': 'show lldp neighbors',
};

/** Older trains have no `show system information`: what `show version` tells under other names. */
const systemFromVersion = (said: string): string | undefined => {
  const start = said.indexOf('<');
  if (start < 0) return undefined;
  return said
    .slice(start)
    .replace(/(<\/?)software-information/g, '$1system-information')
    .replace(/(<\/?)product-model/g, '$1hardware-model')
    .replace(/(<\/?)junos-version/g, '$1os-version');
};

/** A box that lists no instances has the main one. */
const onlyMaster =
  '<instance-information><instance-core><instance-name>master</instance-name></instance-core></instance-information>';

const endOfPaste = '\u0004';

/** A Junos by its command line, over SSH or telnet. */
export const openJunosCli = async (target: Target, signal: AbortSignal): Promise<JunosOps> => {
  const shell = await openShell(target, junosCli, false, signal);
  const { name } = shell;
  // root logs in to a shell
  if (/%\s?$/.test(shell.prompt))
    for (const line of ['cli', ...junosCli.setup]) await shell.send(line, { unchecked: true });
  const send = (line: string, options: object = patience.show) => shell.send(line, options);
  const leave = async (): Promise<void> => {
    if (!shell.configuring) return;
    await send('rollback 0', { ...patience.load, unchecked: true });
    await send('exit configuration-mode', { ...patience.load, unchecked: true });
  };
  /** Who edits, as Junos tells whoever comes in without a lock. Nothing is changed there. */
  const editors = async (): Promise<string> => {
    const said = await send('configure', { ...patience.load, unchecked: true });
    if (shell.configuring) await send('exit configuration-mode', { ...patience.load, unchecked: true });
    const users = [...said.matchAll(/^ {2}(\S+) terminal (\S+) \(pid/gm)].map(([, user, line]) => `${user} on ${line}`);
    return users.length > 0 ? ` (${users.join(', ')})` : '';
  };
  /** What Junos says against a candidate, with the statement where it names one. */
  const uncommitted = (code: 'rejected' | 'commit_failed', what: string, said: string): PlumbError => {
    const cause = readRefusal(said);
    return new PlumbError(
      code,
      `${name}: ${what}: ${said.trim().replace(/(?<!\s)\s*\n\s*/g, ' ')}`,
      cause ? { cause } : {},
    );
  };
  const exec = (line: string, options: object = patience.show) =>
    send(shell.configuring ? `run ${line}` : line, options);
  return {
    target,
    lock: async () => {
      const said = await send('configure exclusive', { ...patience.load, unchecked: true });
      if (shell.configuring && !/error:|locked by|database modified/.test(said)) return;
      await leave();
      const who = /database modified/.test(said) ? await editors() : '';
      throw new PlumbError('locked', `${name}: ${said.trim().replace(/(?<!\s)\s*\n\s*/g, ' ')}${who}`, {
        hint: lockHint,
      });
    },
    unlock: async () => {
      try {
        await leave();
        if (!shell.configuring) return undefined;
      } catch (error) {
        await shell[Symbol.asyncDispose]();
        return explain(error);
      }
      await shell[Symbol.asyncDispose]();
      return `the prompt is still ${shell.prompt.trim()}`;
    },
    load: async (action, text) => {
      const lines = [`load ${action} terminal`, ...text.replace(/\n$/, '').split('\n'), endOfPaste];
      const last = lines.length - 1;
      const said = await shell.type(
        lines.map((line, number) => ({
          text: line,
          number,
          open: number < last,
          ...(number === last ? { key: true as const } : {}),
        })),
        true,
      );
      const found = /^terminal:(\d+):(?:\(\d+\))?\s*(.*)$/m.exec(said);
      const failed = found?.[0] ?? /^(?:error: .*|load complete \(\d+ errors?\))$/m.exec(said)?.[0];
      if (failed === undefined) return (await send('show | compare', patience.load)).trim();
      const line = found ? Number(found[1]) : undefined;
      const at = line === undefined ? '' : `line ${line}: "${text.split('\n')[line - 1]?.trim()}": `;
      throw new PlumbError('rejected', `${name}: ${at}${found?.[2] ?? failed}`, { line });
    },
    rollback: async (number) => {
      await send(`rollback ${number}`, patience.load);
    },
    check: async () => {
      const said = await send('commit check', { ...patience.commit, unchecked: true });
      if (!/configuration check succeeds/.test(said)) throw uncommitted('rejected', 'commit check', said);
    },
    commit: async (log, minutes) => {
      const words = [
        'commit',
        ...(minutes === undefined ? [] : ['confirmed', minutes]),
        'comment',
        `"${log.replace(/[?\p{Cc}]/gu, '_')}"`,
      ];
      const said = await send(words.join(' '), { ...patience.commit, unchecked: true });
      if (!/commit complete/.test(said)) throw uncommitted('commit_failed', 'commit', said);
    },
    history: async () => readHistory(await exec('show system commit | display xml')),
    config: async (database) =>
      `${(await (database === 'candidate' ? send('show', patience.load) : exec('show configuration', patience.load))).trim()}\n`,
    run: (command, timeoutMs = patience.show.totalMs) => {
      const line = shell.configuring ? `run ${command}` : command;
      return shell.run(line, { silenceMs: timeoutMs, totalMs: timeoutMs }, 'exit configuration-mode');
    },
    ask: async (request) => {
      const [rpc = '', instance] = request.split(' ');
      const command = `${commands[rpc] ?? rpc}${instance === undefined || instance === 'master' ? '' : ` instance ${instance}`} | display xml`;
      const said = await exec(command, { ...patience.show, unchecked: true });
      const start = said.indexOf('<');
      if (start >= 0) return said.slice(start);
      if (rpc === 'get-instance-information') return onlyMaster;
      return rpc === 'get-system-information' ? systemFromVersion(await exec('show version | display xml')) : undefined;
    },
    alive: shell.alive,
    closed: shell.closed,
    [Symbol.asyncDispose]: () => shell[Symbol.asyncDispose](),
  };
};
