import { type Duplex, duplexPair } from 'node:stream';
import { forever } from '../../../../lab/proof/target.ts';
import { Deframer, frame } from '../../../../runners/transports/netconf/framing.ts';
import { Netconf } from '../../../../runners/transports/netconf/netconf.ts';
import { base11, baseNamespace } from '../../../../runners/transports/netconf/text.ts';

/** The reply of a server that does as RFC 6241 says. */
export const replyTo = (id: string, content: string): string =>
  `<rpc-reply xmlns="${baseNamespace}" message-id="${id}">${content}</rpc-reply>`;

/**
 * A session with a server of NETCONF 1.1 that answers what it is told to.
 *
 * @param answer what is sent for a request: text is framed, bytes are sent as they are
 */
export const netconfSession = async (
  answer: (operation: string, id: string) => string | Buffer,
): Promise<{ netconf: Netconf; ours: Duplex }> => {
  const [ours, theirs] = duplexPair();
  const capabilities = `<capabilities><capability>${base11}</capability></capabilities>`;
  const hello = `<hello xmlns="${baseNamespace}">${capabilities}<session-id>1</session-id></hello>`;
  theirs.write(frame(hello, 'end-of-message'));
  const deframer = new Deframer();
  theirs
    .on('error', () => {})
    .on('data', (piece: Buffer) => {
      for (const message of deframer.feed(piece)) {
        deframer.framing = 'chunked';
        const [, id, operation] = /<rpc [^>]*message-id="(\d+)">(.*)<\/rpc>$/s.exec(String(message)) ?? [];
        if (id === undefined || operation === undefined) continue; // the hello
        // the first one is the session's own, which asks for nothing
        const said = id === '1' ? replyTo(id, '<data/>') : answer(operation, id);
        theirs.write(typeof said === 'string' ? frame(said, 'chunked') : said);
      }
    });
  return { netconf: await Netconf.open('r1', ours, forever), ours };
};
