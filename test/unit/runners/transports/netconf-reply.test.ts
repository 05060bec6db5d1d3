import { describe, expect, it } from 'vitest';
import { readDatastore } from '../../../../runners/drivers/netconf/trial.ts';
import { baseNamespace } from '../../../../runners/transports/netconf/text.ts';
import { netconfSession, replyTo } from './netconf-server.ts';

const warning = '<rpc-error><error-severity>warning</error-severity><error-message>w</error-message></rpc-error>';

describe('a NETCONF reply', () => {
  it.each([
    ['nothing', '', 'the reply to <get-config> has neither <data> nor an error'],
    ['that all is well', '<ok/>', 'the reply to <get-config> has neither <data> nor an error'],
    ['data of something else', '<data xmlns="urn:x"/>', 'the reply to <get-config> has neither <data> nor an error'],
  ])('that tells of %s is not an empty configuration, and ends the session', async (_title, content, why) => {
    const { netconf, ours } = await netconfSession((_, id) => replyTo(id, content));
    await expect(readDatastore(netconf, 'running')).rejects.toMatchObject({
      code: 'closed',
      message: `r1: NETCONF: ${why}`,
    });
    expect(ours.destroyed).toBe(true);
  });

  it.each(['<commit/>', '<edit-config><target><candidate/></target></edit-config>', '<lock/>'])(
    'that says nothing does not say that %s was done',
    async (operation) => {
      const { netconf } = await netconfSession((_, id) => replyTo(id, ''));
      await expect(netconf.rpc(operation)).rejects.toMatchObject({
        code: 'closed',
        message: expect.stringContaining('has neither <ok/> nor an error'),
      });
    },
  );

  it('in the namespace of something else is not one', async () => {
    const { netconf } = await netconfSession(
      (_, id) => `<rpc-reply xmlns="urn:x" message-id="${id}"><ok/></rpc-reply>`,
    );
    await expect(netconf.rpc('<commit/>')).rejects.toMatchObject({
      code: 'closed',
      message: 'r1: NETCONF: <rpc-reply> in the namespace "urn:x", which is not NETCONF\'s',
    });
  });

  it('to a request that nobody sent is named where no answer comes', async () => {
    const { netconf } = await netconfSession(() => replyTo('9', '<ok/>'));
    await expect(netconf.rpc('<commit/>', 300)).rejects.toMatchObject({
      code: 'timeout',
      message: 'r1: NETCONF: no answer to <commit> within 0.3 s; a reply came for message-id "9", which nobody sent',
    });
  });

  it('that is a bare error ends the session with what the device said', async () => {
    const error = '<error-tag>malformed-message</error-tag><error-message>not well-formed</error-message>';
    const { netconf } = await netconfSession(() => `<rpc-error xmlns="${baseNamespace}">${error}</rpc-error>`);
    await expect(netconf.rpc('<commit/>')).rejects.toMatchObject({
      code: 'closed',
      message: 'r1: NETCONF: <rpc-error> without a reply: not well-formed',
    });
  });

  it('may warn in the place of saying that all is well, and prefix what it says', async () => {
    const { netconf } = await netconfSession((operation, id) =>
      operation === '<commit/>'
        ? replyTo(id, warning)
        : `<n:rpc-reply xmlns:n="${baseNamespace}" message-id="${id}"><n:data/></n:rpc-reply>`,
    );
    await netconf.rpc('<commit/>');
    expect(await readDatastore(netconf, 'running')).toContain('<config');
    await netconf[Symbol.asyncDispose]();
  });

  it('in another encoding is refused by name, and the next one is taken', async () => {
    const latin1 = (id: string) => {
      const body = Buffer.from(replyTo(id, '<data>\n<a xmlns="urn:a">Z\xfcrich</a></data>'), 'latin1');
      return Buffer.concat([Buffer.from(`\n#${body.length}\n`), body, Buffer.from('\n##\n')]);
    };
    const { netconf } = await netconfSession((_, id) =>
      id === '2' ? latin1(id) : replyTo(id, '<data><a xmlns="urn:a">Zürich \uFFFD</a></data>'),
    );
    await expect(readDatastore(netconf, 'running')).rejects.toMatchObject({
      code: 'unsupported',
      message: 'r1: NETCONF: the reply to <get-config> is not valid UTF-8: 0xfc in line 2',
    });
    expect(await readDatastore(netconf, 'running')).toContain('Zürich \uFFFD'); // what the device itself says
    await netconf[Symbol.asyncDispose]();
  });

  it('with data is no refusal, though the data hold an error of yesterday', async () => {
    const log = '<log xmlns="urn:log"><rpc-error><error-message>yesterday</error-message></rpc-error></log>';
    const error = '<rpc-error><error-severity>error</error-severity><error-message>today</error-message></rpc-error>';
    const { netconf } = await netconfSession((_, id) =>
      replyTo(id, `<data>${log}</data>${id === '2' ? '' : `<results>${error}</results>`}`),
    );
    expect(await readDatastore(netconf, 'running')).toContain('yesterday');
    await expect(readDatastore(netconf, 'running')).rejects.toMatchObject({
      code: 'rejected',
      message: 'r1: <get-config>: today',
    });
    await netconf[Symbol.asyncDispose]();
  });

  it('to an operation of the vendor is what the vendor says', async () => {
    const { netconf } = await netconfSession((_, id) => replyTo(id, ''));
    await netconf.rpc('<lock-configuration/>');
    await netconf.rpc('<get xmlns="urn:vendor"/>');
    await netconf[Symbol.asyncDispose]();
  });
});
