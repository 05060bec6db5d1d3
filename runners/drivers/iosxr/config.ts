import { comparable, withoutEnds } from '../../../core/text/line-ends.ts';
import type { ConfigLine, LineRules } from '../../session/text/config-lines.ts';
import { configLines } from '../../session/text/config-lines.ts';
import { banner } from '../cisco/texts.ts';

// What is special about IOS-XR configuration text.

const stamp = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \w{3} +\d+ \d\d:\d\d:\d\d(?:\.\d+)? .*$/;
const header = /^(?:Building configuration\.\.\.|!! (?:IOS XR Configuration|Last configuration change).*|end)\s*$/;

/** What is not typed, and texts. */
export const rules: LineRules = {
  drop: new RegExp(`^\\s*!|${header.source}|${stamp.source}`),
  blocks: [
    banner,
    { begin: /^route-policy /, end: /^\s*end-policy\s*$/ },
    {
      begin: /^(?:prefix|as-path|community|extcommunity|large-community|rd|tag|ospf-area)-set /,
      end: /^\s*end-set\s*$/,
    },
  ],
};

const indent = (text: string): number => text.length - text.trimStart().length;

/**
 * Lines to type. The text tells by its indentation where a mode ends; the parser would go on in it, and take
 * `address-family` for the neighbour's: so modes are left by `exit`, and by `root` at the top.
 */
export const typedLines = (config: string): ConfigLine[] => {
  const out: ConfigLine[] = [];
  const modes: number[] = [];
  let last = 0;
  let inside = false;
  let text = false;
  for (const line of configLines(config, rules)) {
    const depth = indent(line.text);
    if (inside) {
      out.push({ ...line, open: line.open && text });
      inside = line.open;
      continue;
    }
    if (depth > last) modes.push(last);
    if (depth === 0 && modes.length > 0) {
      modes.length = 0;
      out.push({ text: 'root', number: line.number, open: false });
    }
    while (modes.length > 0 && depth <= (modes.at(-1) ?? 0)) {
      modes.pop();
      out.push({ text: 'exit', number: line.number, open: false });
    }
    last = depth;
    inside = line.open;
    text = banner.begin.test(line.text); // policies and sets are shown by their blanks, but each line brings a prompt
    out.push({ ...line, open: line.open && text });
  }
  return out;
};

/** Without headers and dates. */
export const normalise = (config: string): string =>
  `${withoutEnds(comparable(config, (line) => header.test(line) || stamp.test(line) || line.trim() === ''))}\n`;

export const hostname = (config: string): string | undefined => /^hostname (\S+)/m.exec(config)?.[1];

/** What a diff prints, without what stands around it. */
export const cutDiff = (said: string): string =>
  said
    .split('\n')
    .filter((line) => !header.test(line) && !stamp.test(line) && line.trim() !== '' && line.trim() !== '!')
    .join('\n');
