import { comparable } from '../../../core/text/line-ends.ts';
import { patience } from '../../dialogue/cli-driver.ts';
import type { CliShell } from '../../session/shell.ts';
import { readInPart } from '../../session/text/whole.ts';

// What is special about NX-OS configuration text.

const volatile =
  /^!(?:Command: |Running configuration last done at: |Startup config saved at: |Time: |NVRAM config last updated)|^Startup config saved at: /;

/** Without the header of dates; blank lines part blocks on NX-OS and mean nothing. */
export const normalise = (config: string): string =>
  `${comparable(config, (line) => volatile.test(line) || /^\s*(?:!\s*)?$/.test(line))}\n`;

export const hostname = (config: string): string | undefined => /^(?:hostname|switchname) (\S+)/m.exec(config)?.[1];

const endLines = 20;

/**
 * The configuration that runs, or that is started with. NX-OS ends it with no line of its own, so of what runs the switch is
 * asked for the last lines, which it counts itself: what was read has to end with them.
 *
 * @throws PlumbError `closed` where it ends otherwise
 */
export const readConfig = async (shell: CliShell, from: 'running' | 'startup'): Promise<string> => {
  const text = await shell.send(`show ${from}-config`, patience.load);
  if (from === 'startup') return `${text}\n`;
  const end = normalise(await shell.send(`show running-config | last ${endLines}`, patience.load));
  if (end.trim() === '' || !`\n${normalise(text)}`.endsWith(`\n${end}`)) {
    const last = (of: string) => of.trimEnd().split('\n').at(-1)?.trim() ?? '';
    throw readInPart(
      shell.name,
      `it ends with "${last(text)}", and asked for its end the switch ends with "${last(end)}"`,
    );
  }
  return `${text}\n`;
};
