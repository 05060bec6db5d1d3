import { comparable } from '../../../core/text/line-ends.ts';

// What is special about NX-OS configuration text.

const volatile =
  /^!(?:Command: |Running configuration last done at: |Startup config saved at: |Time: |NVRAM config last updated)|^Startup config saved at: /;

/** Without the header of dates; blank lines part blocks on NX-OS and mean nothing. */
export const normalise = (config: string): string =>
  `${comparable(config, (line) => volatile.test(line) || /^\s*(?:!\s*)?$/.test(line))}\n`;

export const hostname = (config: string): string | undefined => /^(?:hostname|switchname) (\S+)/m.exec(config)?.[1];
