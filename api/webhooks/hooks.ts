import type { BlockList } from 'node:net';
import { type EventKind, eventKinds, type WebhookSettings } from '../../core/config/webhooks.ts';
import { PlumbError } from '../../core/errors.ts';
import { registerSecret } from '../../core/redact/redact.ts';
import { networks } from './addresses.ts';
import type { Format } from './formats.ts';

/** A receiver, with all that is needed to send to it. */
export type Hook = {
  name: string;
  url: URL;
  format: Format;
  events: readonly EventKind[];
  select: string | undefined;
  /** undefined: what is sent is not signed. */
  secret: Buffer | undefined;
  allow: BlockList;
};

const whsec = 'whsec_';

/** As https://www.standardwebhooks.com has a secret: base64 behind `whsec_`; any other text is taken by its bytes. */
const secretFrom = (text: string): Buffer =>
  text.startsWith(whsec) ? Buffer.from(text.slice(whsec.length), 'base64') : Buffer.from(text);

const minSecretBytes = 16;

/**
 * The receivers of plumbline.yml.
 *
 * @throws PlumbError `invalid_request`, `credentials_unavailable` where a variable that it names is not set
 */
export const hooksFrom = (settings: readonly WebhookSettings[], env: NodeJS.ProcessEnv): Hook[] => {
  const variable = (name: string, hook: string): string => {
    const value = env[name];
    if (!value) throw new PlumbError('credentials_unavailable', `webhook "${hook}": the variable ${name} is not set`);
    registerSecret(value);
    return value;
  };
  const names = new Set<string>();
  return settings.map(({ name, url, format = 'cloudevents', events = eventKinds, select, secret, allow = [] }) => {
    if (names.has(name)) throw new PlumbError('invalid_request', `webhooks: there are two named "${name}"`);
    names.add(name);
    const text = typeof url === 'string' ? url : variable(url.env, name);
    if (!URL.canParse(text) || !/^https?:\/\//.test(text))
      throw new PlumbError('invalid_request', `webhook "${name}": its url is no https:// address`);
    const key = secret && secretFrom(variable(secret.env, name));
    if (key && key.length < minSecretBytes)
      throw new PlumbError('invalid_request', `webhook "${name}": its secret has less than ${minSecretBytes} bytes`);
    return { name, url: new URL(text), format, events, select, secret: key, allow: networks(allow) };
  });
};
