import { PlumbError } from '../../../core/errors.ts';
import { secrets } from '../../../core/redact/platforms/vrp.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { CliPlatform } from '../../session/cli-session.ts';
import type { CliShell } from '../../session/shell.ts';
import { hostname, normalise } from './text.ts';

/** What the records of Huawei VRP and HPE Comware say alike. */
export const family = {
  readOnly: {
    commands: ['display', 'ping', 'tracert', 'dir', 'more'],
    filters: ['begin', 'count', 'exclude', 'include'],
    bar: 'spaced',
  },
  leave: 'return',
  lastLine: /^return$/,
  secrets,
  saved: async () => [],
  config: async (shell, from) =>
    `${await shell.send(`display ${from === 'running' ? 'current' : 'saved'}-configuration`, patience.load)}\n`,
  normalise,
  hostname,
} satisfies Partial<CliPlatform>;

/** Says something in system view and leaves it. @param question what is answered */
export const inSystemView = async (
  shell: CliShell,
  command: string,
  question: { ask: RegExp; answer: 'Y' | 'N' },
): Promise<string> => {
  await shell.send('system-view', patience.load);
  try {
    return await shell.send(command, { ...patience.commit, questions: [question], unchecked: true });
  } finally {
    await shell.send('return', { ...patience.load, unchecked: true });
  }
};

/** What VRP says against a command. */
export const complaint = /^[ \t]*Error: ?[^\n]*/m;

/** Saves what runs to startup. @throws PlumbError `commit_failed` */
export const save = async (shell: CliShell, command: string): Promise<void> => {
  const questions = [
    { ask: /file name[^\n[]{0,200}\[[^\]\n[]*\]:?\s*$/i, answer: '' },
    { ask: /\[Y\/N\]:?\s*$/i, answer: 'Y' },
  ];
  const said = await shell.send(command, { ...patience.commit, questions, unchecked: true });
  if (/success/i.test(said) && !complaint.test(said)) return;
  const why = complaint.exec(said)?.[0] ?? said.trim().split('\n').at(-1) ?? '';
  throw new PlumbError('commit_failed', `${shell.name}: "${command}" did not succeed: ${why}`);
};
