import { PlumbError } from '../core/errors.ts';
import type { Target } from './driver.ts';

/** A line that holds a secret as it is typed, which the platform stores in another form. */
export type PlainSecret = { pattern: RegExp; write: string };

/**
 * Refuses secrets in plain text: the device would store them re-salted, and the intent would differ from it for ever.
 *
 * @throws PlumbError `refused` with the line, unless the inventory says `options.plainSecrets: true`
 */
export const refusePlainSecrets = (config: string, rules: readonly PlainSecret[], { device }: Target): void => {
  if (rules.length === 0 || device.options.plainSecrets === true) return;
  for (const [index, text] of config.split('\n').entries()) {
    const rule = rules.find(({ pattern }) => pattern.test(text));
    if (!rule) continue;
    const line = index + 1;
    throw new PlumbError(
      'refused',
      `${device.name}: line ${line} holds a secret in plain text, which the device stores re-salted`,
      {
        line,
        hint: `write it as the device prints it: ${rule.write}; or set options.plainSecrets: true and live with the difference`,
      },
    );
  }
};
