import type { CiscoAction } from './cisco.ts';

const sized =
  (what: 'length' | 'width', invalid: (line: string) => string): CiscoAction =>
  (_, [size = ''], io) => {
    if (!/^\d+$/.test(size)) return invalid(`terminal ${what} ${size}`);
    io[what] = Number(size);
    return '';
  };

const refuse: (line: string) => string = (line) =>
  `${' '.repeat(line.length)}^\n% Invalid input detected at '^' marker.\n`;

/** What Cisco's platforms know of `terminal …`. */
export const terminalCommands: [string, CiscoAction][] = [
  ['terminal length <size>', sized('length', refuse)],
  ['terminal width <size>', sized('width', refuse)],
  ['terminal monitor', () => ''],
  ['terminal no monitor', () => ''],
];
