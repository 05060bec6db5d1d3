import type { CliDriver } from './cli-driver.ts';

const defaultBase = /^[<[]?[~*]?(?<base>.*?)(?:\([^()\n]*\))*[>#$%\]]\s?$/;
const escapePattern = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

// Many systems cut a long host name in their sub-modes, none below this many characters.
const surePrefix = 16;

/**
 * The pattern of one device's own prompt, made from the first one seen: its fixed part, then any mode.
 * Far narrower than the platform's, so that a line of output hardly ever looks like it.
 *
 * @returns undefined where nothing can be learned; the platform's own pattern must do then
 */
export const learnPrompt = (driver: CliDriver, seen: string): RegExp | undefined => {
  const base = (driver.base ?? defaultBase).exec(seen)?.groups?.base;
  if (!base || !driver.prompt.test(seen)) return undefined;
  const start = seen.indexOf(base);
  // Huawei and Comware say the mode by the bracket: <core1>, [core1], [~core1-GE0/0/1]
  const before = escapePattern(seen.slice(0, start)).replace(/<|\\\[/, '[<[][~*]?');
  const cut = base.length > surePrefix ? '[\\w.\\-@/:]*' : '';
  return new RegExp(`^${before}${escapePattern(base.slice(0, surePrefix))}${cut}[^\\s<>#[\\]]*[>#$%\\]]\\s?$`);
};

/** What stands above a prompt, without what changes in it: times, counts. */
export const withoutNumbers = (text: string): string => text.replace(/\d+/g, '0');

/** Text without blanks: terminals wrap and redraw what we typed, so echoes are compared like this. */
export const squeeze = (text: string): string => text.replace(/\s+/g, '');
