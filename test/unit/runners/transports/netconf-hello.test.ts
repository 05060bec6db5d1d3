import { duplexPair } from 'node:stream';
import { expect, it } from 'vitest';
import { forever } from '../../../../lab/proof/target.ts';
import { frame } from '../../../../runners/transports/netconf/framing.ts';
import { Netconf } from '../../../../runners/transports/netconf/netconf.ts';
import { base10, baseNamespace } from '../../../../runners/transports/netconf/text.ts';

const hello = (more: string) =>
  `<hello xmlns="${baseNamespace}"><capabilities><capability>${base10}</capability></capabilities>${more}</hello>`;

it.each([
  ['has no session-id', hello(''), 'its hello has no session-id'],
  ['is no hello', '<rpc-reply message-id="1"/>', '<rpc-reply> instead of a hello'],
  ['is no XML', 'Warning: authorised users only', 'XML'],
  ['declares entities', `<!DOCTYPE x [<!ENTITY a "a">]>${hello('<session-id>1</session-id>')}`, 'document type'],
])('a NETCONF server whose hello %s is hung up on', async (_title, greeting, why) => {
  const [ours, theirs] = duplexPair();
  theirs.write(frame(greeting, 'end-of-message'));
  await expect(Netconf.open('r1', ours, forever)).rejects.toMatchObject({
    code: 'closed',
    message: expect.stringContaining(why),
  });
  expect(ours.destroyed).toBe(true);
});
