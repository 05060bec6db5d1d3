import type { Mode } from '../../../core/bus.ts';
import { PlumbError } from '../../../core/errors.ts';
import { comparable, withoutEnds } from '../../../core/text/line-ends.ts';
import { refuseControls } from '../../dialogue/typing/typing.ts';

// What is special about IOS configuration text.

const header = /^(?:Building configuration\.\.\.|Current configuration ?: \d+ bytes|Using \d+ out of \d+ bytes.*)$/;
const volatile =
  /^(?:! (?:Last configuration change|NVRAM config last updated|No configuration change) |ntp clock-period )/;

/** What the mark of a banner really is; IOS prints it as ^C. */
const etx = '\u0003';
const mark = new RegExp(`\\^C|${etx}`);
const bannerStart = new RegExp(`^(\\s*banner \\S+ )(?:${mark.source})(.*)$`);

/**
 * Banners between `^C` get the mark that IOS means by it: in a file, `^C` would be text.
 * Source: github.com/scrapli/scrapli_cfg/issues/55.
 *
 * @throws PlumbError `rejected` where a banner does not end
 */
const retype = (lines: string[], device: string, own = etx): string[] => {
  const out = [...lines];
  for (let index = 0; index < out.length; index++) {
    const begin = bannerStart.exec(out[index] ?? '');
    if (!begin) continue;
    const [, head = '', rest = ''] = begin;
    const last = mark.test(rest) ? index : out.findIndex((line, at) => at > index && mark.test(line));
    if (last < 0)
      throw new PlumbError('rejected', `${device}: line ${index + 1}: this banner does not end`, { line: index + 1 });
    out[index] = head + own + rest.replace(mark, own);
    if (last > index) out[last] = (out[last] ?? '').replace(mark, own);
    index = last;
  }
  return out;
};

/** @throws PlumbError `rejected` for a control character other than TAB and the mark of a banner */
export const checkText = (config: string, device: string): void =>
  refuseControls(retype(config.split('\n'), device, '^C').join('\n'), device);

/**
 * The text as a file for `configure replace`; line numbers stay what they are.
 *
 * @throws PlumbError `rejected` without a `version` line: IOS takes such a file for no configuration
 */
export const replaceFile = (config: string, device: string): string => {
  const lines = config.split('\n').map((line) => (header.test(line) ? '!' : line));
  if (!lines.some((line) => /^version \S/.test(line))) {
    throw new PlumbError('rejected', `${device}: the configuration has no "version" line`, {
      hint: 'IOS needs it for a replace: copy it from `show running-config`',
    });
  }
  const text = retype(lines, device).join('\n').trimEnd();
  return /^end$/m.test(text.slice(-8)) ? `${text}\n` : `${text}\nend\n`;
};

/** Lines for `copy … running-config`. */
export const mergeFile = (config: string, device: string): string => {
  const text = retype(config.split('\n'), device).join('\n').trimEnd();
  return /^end$/m.test(text.slice(-8)) ? `${text}\n` : `${text}\nend\n`;
};

const talk =
  /^(?:!?\s*Contextual Config Diffs:|!?No changes were found|!List of Commands:|end|[+-]?\s*ntp clock-period .*|)\s*$/;

/** What `show archive config` prints of a difference, without its talk. */
export const cutDiff = (said: string): string =>
  said
    .split('\n')
    .filter((line) => !talk.test(line))
    .join('\n');

/** The difference to a file: all of it for a replace, what it adds for a merge. */
export const diffCommand = (mode: Mode, path: string): string =>
  mode === 'replace'
    ? `show archive config differences system:running-config ${path}`
    : `show archive config incremental-diffs ${path} ignorecase`;

/** Without headers, dates and what the device writes by itself. */
export const normalise = (config: string): string =>
  `${withoutEnds(comparable(config.replaceAll(etx, '^C'), (line) => header.test(line) || volatile.test(line)))}\n`;

export const hostname = (config: string): string | undefined => /^hostname (\S+)/m.exec(config)?.[1];
