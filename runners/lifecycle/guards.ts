import { limits } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import type { Policy } from '../../core/inventory/schema.ts';
import { withLf } from '../../core/text/line-ends.ts';
import { encodingHint, notUtf8 } from '../../core/text/utf8.ts';

type Guarded = {
  /** The text as published. */
  body: Uint8Array;
  /** Inventory name of the device. */
  device: string;
  /** Host names that this device may call itself, besides the one that it has. */
  hostnames: readonly string[];
  policy: Policy;
  mode: 'replace' | 'merge';
  /** The host name that a configuration of this platform sets. */
  hostnameOf: (config: string) => string | undefined;
};

const refuse = (device: string, why: string, line?: number, help?: string): never => {
  const over = `correct the intended configuration, or \`plumb retry ${device} --force REASON\``;
  throw new PlumbError('refused', `${device}: ${line === undefined ? '' : `line ${line}: `}${why}`, {
    line,
    hint: help ? `${help}; ${over}` : over,
  });
};

/** A text shorter than this is no configuration of any device. */
const tinyBytes = 16;

/** Marks of a merge that was never finished. `=======` alone may be an honest banner: it counts only with the others. */
const conflictMark = /^(?:<{7} |>{7} |\|{7} )/;
const templateLeftover = /\{\{.{0,100}\}\}|\{%.{0,100}%\}|\{#.{0,100}#\}/;

const significant = (config: string): string[] =>
  config
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== '!' && line !== 'end' && line !== 'exit');

/** The text that bytes are: without a byte order mark and with LF line ends, unless each byte counts. */
export const textOf = (body: Uint8Array, keepsBytes: boolean): string => {
  const text = new TextDecoder('utf-8', { ignoreBOM: keepsBytes }).decode(body);
  return keepsBytes ? text : withLf(text);
};

/**
 * The text itself, before the device is touched.
 *
 * @param guarded.keepsBytes as the driver's
 * @returns the text with LF line ends and one at its end, or as it is where the platform keeps bytes
 * @throws PlumbError `refused` with the reason and the line
 */
export const guardText = ({ body, device, policy, mode, keepsBytes }: Guarded & { keepsBytes: boolean }): string => {
  if (body.length > policy.maxBytes)
    refuse(
      device,
      `the text has ${body.length} bytes, more than the ${policy.maxBytes} allowed`,
      undefined,
      `\`policy.maxBytes\` in inventory.yml may allow up to ${limits.textBytes}`,
    );
  const nul = body.indexOf(0);
  const text = textOf(body, keepsBytes);
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length;
  if (nul >= 0)
    refuse(
      device,
      'the text contains a NUL byte: it is binary, not a configuration',
      lineAt(text.indexOf('\0')),
      encodingHint(body),
    );
  const broken = notUtf8(body);
  if (broken) {
    const why = `the text is not valid UTF-8 (byte offset ${broken.offset}): it is binary or in another encoding`;
    refuse(device, why, broken.line, encodingHint(body));
  }
  if (text.trim() === '') refuse(device, 'the text is empty: it would remove the complete configuration');
  if (mode === 'replace' && text.trim().length < tinyBytes) {
    refuse(device, `the text has ${text.trim().length} characters: too few for a complete configuration`);
  }
  text.split('\n').forEach((line, index) => {
    if (conflictMark.test(line))
      refuse(device, `a conflict mark of an unfinished merge: "${line.slice(0, 40)}"`, index + 1);
    if (templateLeftover.test(line))
      refuse(device, `a leftover of a template: "${line.trim().slice(0, 60)}"`, index + 1);
  });
  return keepsBytes || text.endsWith('\n') ? text : `${text}\n`;
};

/**
 * The text against the device as it runs now.
 *
 * @throws PlumbError `refused` when it is for another device, when too much would be lost, or a protected line
 */
export const guardAgainst = (running: string, text: string, guarded: Guarded): void => {
  const { device, policy, mode, hostnameOf } = guarded;
  const hostname = hostnameOf(text);
  const own = [...new Set([...guarded.hostnames, hostnameOf(running)].filter((name) => name !== undefined))];
  if (hostname !== undefined && !own.some((name) => name.split('.')[0] === hostname.split('.')[0])) {
    const line = text.split('\n').findIndex((candidate) => candidate.includes(hostname)) + 1;
    refuse(device, `the text is for host name "${hostname}", this device is "${own.join('" or "')}"`, line);
  }
  if (mode === 'merge') return;
  const before = significant(running);
  const wanted = significant(text);
  const kept = new Map<string, number>();
  for (const line of wanted) kept.set(line, (kept.get(line) ?? 0) + 1);
  let lost = 0;
  for (const line of before) {
    const left = kept.get(line) ?? 0;
    if (left === 0) lost++;
    else kept.set(line, left - 1);
  }
  const after = wanted.length;
  const fall = before.length === 0 ? 0 : ((before.length - after) / before.length) * 100;
  if (fall > policy.maxLossPercent) {
    refuse(
      device,
      `the text has ${after} lines and the running configuration ${before.length}: ${Math.round(fall)} % fewer, ` +
        `more than the ${policy.maxLossPercent} % allowed (${lost} running lines are missing from it)`,
    );
  }
  for (const line of policy.protect) {
    if (before.includes(line.trim()) && !kept.has(line.trim())) {
      refuse(device, `the text loses the protected line "${line.trim()}"`);
    }
  }
};
