import type { Duplex } from 'node:stream';
import type { Device, Login } from '../../device.ts';
import type { NetconfSession } from '../../platform.ts';
import { rpcError } from './netconf-answers.ts';
import { frame, Unframer } from './netconf-framing.ts';

const base = 'urn:ietf:params:xml:ns:netconf:base:1.0';
const base11 = 'urn:ietf:params:netconf:base:1.1';

const hello = (session: NetconfSession, login: Login): string =>
  `<?xml version="1.0" encoding="UTF-8"?><hello xmlns="${base}"><capabilities>${session.capabilities
    .map((capability) => `<capability>${capability}</capability>`)
    .join('')}</capabilities><session-id>${login.id}</session-id></hello>`;

/** The attributes of the request's `<rpc>`, which the reply repeats. */
const attributes = (request: string): string => {
  const [, text = ''] = /<(?:[\w-]+:)?rpc\b([^>]*?)\/?>/.exec(request) ?? [];
  return text.includes('xmlns=') ? text : `${text} xmlns="${base}"`;
};

/** Serves one NETCONF session, 1.1 when both sides can. */
export const serveNetconf = async (
  channel: Duplex,
  device: Device,
  open: (login: Login) => NetconfSession,
  login: Login,
): Promise<void> => {
  const session = open(login);
  const unframer = new Unframer();
  let greeted = false;
  channel.write(frame(hello(session, login), false));
  const answer = async (message: string): Promise<boolean> => {
    const operation = /<(?:[\w-]+:)?rpc\b[^>]*>\s*<(?:[\w-]+:)?([\w-]+)/.exec(message)?.[1] ?? '';
    const drop = device.plan.step(operation);
    if (drop === 'before') {
      login.link?.cut();
      return false;
    }
    const denied = new RegExp(device.faults.deny?.match ?? '(?!)').test(operation);
    const { content, close } = denied
      ? { content: rpcError('access-denied', 'permission denied', { type: 'protocol' }), close: false }
      : await session.reply(message);
    const prefix = /<([\w-]+:)rpc\b/.exec(message)?.[1] ?? '';
    const reply = `<${prefix}rpc-reply${attributes(message)}>${content}</${prefix}rpc-reply>`;
    channel.write(frame(reply, unframer.chunked));
    if (drop === 'after') login.link?.cut();
    return close !== true;
  };
  try {
    reading: for await (const bytes of channel as AsyncIterable<Buffer>) {
      let rest: Buffer = bytes;
      for (;;) {
        const messages = unframer.push(rest);
        rest = Buffer.alloc(0);
        if (messages.length === 0) break;
        for (const message of messages) {
          if (greeted) {
            if (!(await answer(message))) break reading;
          } else {
            greeted = true;
            unframer.chunked = message.includes(base11) && session.capabilities.includes(base11);
          }
        }
      }
    }
  } catch {
    // a client that vanished or broke the framing: the session is over either way
  } finally {
    session.close();
    device.logins.delete(login);
    channel.end();
  }
};
