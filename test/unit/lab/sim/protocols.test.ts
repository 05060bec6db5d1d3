import { request } from 'node:https';
import ssh2, { type ClientChannel } from 'ssh2';
import { describe, expect, it } from 'vitest';
import { frame, Unframer } from '../../../../lab/sim/protocols/netconf/netconf-framing.ts';
import type { Sim } from '../../../../lab/sim/sim.ts';
import { configOf, Person, simOf } from './client.ts';

const eapi = (
  sim: Sim,
  cmds: unknown[],
  format = 'json',
  password = 'admin',
): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const options = {
      host: sim.host,
      port: sim.ports.eapi,
      path: '/command-api',
      method: 'POST',
      ca: sim.tls.cert,
      auth: `admin:${password}`,
    };
    const call = request(options, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    call.on('error', reject);
    call.end(JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', params: { version: 1, format, cmds }, id: '1' }));
  });

describe('the eAPI of a simulated EOS', () => {
  it('names the command that failed, with the results of those before it', async () => {
    await using sim = await simOf('eos', { ports: { eapi: 0 } });
    const { body } = await eapi(sim, ['enable', 'configure session x', 'rooter bgp 1', 'show version']);
    expect(JSON.parse(body).error).toEqual({
      code: 1002,
      message: "CLI command 3 of 4 'rooter bgp 1' failed: invalid command",
      data: [{}, {}, { errors: ["Invalid input (at token 0: 'rooter')"] }],
    });
  });

  it('takes a banner as a command with input, in the context of the call', async () => {
    await using sim = await simOf('eos', { ports: { eapi: 0 } });
    await eapi(sim, ['enable', 'configure session x', { cmd: 'banner motd', input: '  two blanks\n!! kept' }, 'end']);
    const { body } = await eapi(sim, ['show session-config named x'], 'text');
    expect(JSON.parse(body).result[0].output).toContain('banner motd\n  two blanks\n!! kept\nEOF\n');
    expect(sim.sessions).toEqual(['x pending admin']);
  });

  it('lists a trial in the form of its version', async () => {
    for (const [version, seen] of [
      ['4.28.1F', 'sessions.x.commitBy'],
      ['4.32.2F', 'commitTimerExpireTime'],
    ] as const) {
      const config = `! device: leaf1 (vEOS-lab, EOS-${version})\n${configOf('eos')}`;
      await using sim = await simOf('eos', { config, ports: { eapi: 0 } });
      await eapi(sim, [
        'enable',
        'configure session x',
        'hostname y',
        'end',
        'configure session x commit timer 00:05:00',
      ]);
      const [sessions] = JSON.parse((await eapi(sim, ['show configuration sessions detail'])).body).result;
      expect(seen.split('.').reduce((at, key) => at[key], sessions)).toBeGreaterThan(300);
    }
  });

  it('turns away who has the wrong password', async () => {
    await using sim = await simOf('eos', { ports: { eapi: 0 } });
    expect((await eapi(sim, ['show version'], 'json', 'wrong')).status).toBe(401);
  });
});

/** A NETCONF client that speaks 1.1. */
const netconf = async (sim: Sim) => {
  const client = new ssh2.Client();
  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    client
      .on('error', reject)
      .on('ready', () => client.subsys('netconf', (error, stream) => (error ? reject(error) : resolve(stream))));
    client.connect({
      host: sim.host,
      port: sim.ports.netconf ?? 0,
      username: 'admin',
      password: 'admin',
      hostVerifier: () => true,
    });
  });
  const unframer = new Unframer();
  const messages: string[] = [];
  let woken = () => {};
  channel.on('data', (chunk: Buffer) => {
    messages.push(...unframer.push(chunk));
    woken();
  });
  const next = async (): Promise<string> => {
    while (messages.length === 0)
      await new Promise<void>((resolve) => {
        woken = resolve;
      });
    return messages.shift() ?? '';
  };
  const hello = await next();
  const base = 'xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"';
  const chunked = hello.includes('base:1.1');
  channel.write(
    frame(
      `<hello ${base}><capabilities><capability>urn:ietf:params:netconf:base:1.${chunked ? 1 : 0}</capability></capabilities></hello>`,
      false,
    ),
  );
  unframer.chunked = chunked;
  const call = (operation: string): Promise<string> => {
    channel.write(frame(`<rpc message-id="7" ${base}>${operation}</rpc>`, chunked));
    return next();
  };
  return { call, end: () => client.end() };
};

const rename =
  '<edit-config><target><candidate/></target><config><cli xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-cli-cfg">hostname ünïcode\n</cli></config></edit-config>';

describe('NETCONF on a simulated device', () => {
  it('undoes a confirmed commit without persist when its session ends, and keeps one with it', async () => {
    await using sim = await simOf('iosxr', { ports: { netconf: 0 } });
    const first = await netconf(sim);
    await first.call(rename);
    expect(await first.call('<commit><confirmed/><confirm-timeout>60</confirm-timeout></commit>')).toContain('<ok/>');
    expect(sim.running).toContain('hostname ünïcode');
    await first.call('<close-session/>');
    await expect.poll(() => sim.running).not.toContain('hostname ünïcode');
    const second = await netconf(sim);
    await second.call(rename);
    await second.call('<commit><confirmed/><confirm-timeout>60</confirm-timeout><persist>job7</persist></commit>');
    await second.call('<close-session/>');
    const third = await netconf(sim);
    expect(await third.call('<commit/>')).toContain('in-use');
    expect(await third.call('<commit><persist-id>job7</persist-id></commit>')).toContain('<ok/>');
    sim.device.clock.advance(120_000);
    expect(sim.running).toContain('hostname ünïcode');
    for (const one of [first, second, third]) one.end();
  });

  it('says which session holds the lock', async () => {
    await using sim = await simOf('iosxr', { ports: { netconf: 0 } });
    const [first, second] = [await netconf(sim), await netconf(sim)];
    const lock = '<lock><target><candidate/></target></lock>';
    expect(await first.call(lock)).toMatch(/^<rpc-reply message-id="7"[^>]*><ok\/>/);
    expect(await second.call(lock)).toMatch(/<error-tag>lock-denied<\/error-tag>.*<session-id>\d+<\/session-id>/);
    for (const one of [first, second]) one.end();
  });

  it('names the line of a Junos text that it cannot read', async () => {
    await using sim = await simOf('junos', { ports: { netconf: 0 } });
    const session = await netconf(sim);
    const text = configOf('junos').replace('unit 0 {', 'unt 0 {');
    const reply = await session.call(
      `<load-configuration action="override" format="text"><configuration-text>${text}</configuration-text></load-configuration>`,
    );
    expect(reply).toContain('<load-error-count>1</load-error-count>');
    expect(reply).toContain('<bad-element>unt 0</bad-element>');
    session.end();
  });

  it('refuses what a simulated Junos does not know, and leaves the candidate as it is', async () => {
    await using sim = await simOf('junos', { ports: { netconf: 0 } });
    const session = await netconf(sim);
    const edit = (inner: string) =>
      `<edit-config><target><candidate/></target><config><configuration>${inner}</configuration></config></edit-config>`;
    expect(await session.call(edit('<system><host-nam>x</host-nam></system>'))).toMatch(
      /<error-severity>error.*host-nam/,
    );
    expect(await session.call('<discard-changes/>')).toContain('<ok/>');
    const json = '{"configuration": {"system": {"host-name": "x"}}}';
    for (const action of ['merge', 'override']) {
      const load = `<load-configuration action="${action}" format="json"><configuration-json>${json}</configuration-json></load-configuration>`;
      expect(await session.call(load)).toMatch(/<error-severity>error.*configuration-json/);
    }
    expect(await session.call('<get-configuration format="json"/>')).toContain('<error-severity>error');
    expect(await session.call('<get-configuration compare="rollback" rollback="0"/>')).toContain(
      '<configuration-output>\n</configuration-output>',
    );
    expect(await session.call(edit('<system><host-name>renamed</host-name></system>'))).toContain('<ok/>');
    expect(await session.call(edit('<system><host-name operation="remove"/></system>'))).toContain('<ok/>');
    session.end();
  });

  it('answers with what a subtree filter selects, and nothing else', async () => {
    await using sim = await simOf('junos', { ports: { netconf: 0 } });
    const session = await netconf(sim);
    const get = (inner: string) =>
      session.call(
        `<get-config><source><running/></source><filter type="subtree"><configuration>${inner}</configuration></filter></get-config>`,
      );
    const system = await get('<system><host-name/></system>');
    expect(system).toMatch(
      /<data><configuration><system><host-name>[\w-]+<\/host-name><\/system><\/configuration><\/data>/,
    );
    const name = /<interface><name>([^<]+)/.exec(await get('<interfaces/>'))?.[1];
    const one = await get(`<interfaces><interface><name>${name}</name></interface></interfaces>`);
    expect(one.match(/<interface>/g)).toHaveLength(1);
    expect(await get('<snmp-no-such/>')).toContain('<data></data>');
    const shown = await session.call(
      '<get-configuration><configuration><interfaces/></configuration></get-configuration>',
    );
    expect(shown).toContain('<interfaces>');
    expect(shown).not.toContain('<system>');
    session.end();
  });

  it('refuses a model that a simulated IOS-XR does not have, and selects of the others', async () => {
    await using sim = await simOf('iosxr', { ports: { netconf: 0 } });
    const session = await netconf(sim);
    const native = '<interface-configurations xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-ifmgr-cfg"/>';
    expect(
      await session.call(`<get-config><source><running/></source><filter>${native}</filter></get-config>`),
    ).toContain('unknown-namespace');
    expect(
      await session.call(`<edit-config><target><candidate/></target><config>${native}</config></edit-config>`),
    ).toContain('unknown-namespace');
    expect(await session.call(`<get><filter>${native}</filter></get>`)).toContain('unknown-namespace');
    const time = await session.call(
      '<get><filter><system-time xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-shellutil-oper"><uptime><host-name/></uptime></system-time></filter></get>',
    );
    expect(time).toMatch(
      /<data><system-time [^>]*><uptime><host-name>[\w-]+<\/host-name><\/uptime><\/system-time><\/data>/,
    );
    session.end();
  });
});

describe('the programs behind a bar on a simulated IOS-XR', () => {
  it('are run on the output, and one that it does not have is refused', async () => {
    await using sim = await simOf('iosxr', { ports: { ssh: 0 } });
    await using person = await Person.at(sim);
    const lines = async (command: string) => (await person.type(command)).split('\n').map((line) => line.trimEnd());
    const all = await lines('show version');
    const head = await lines('show version | utility head -n 3');
    expect(head.filter((line) => all.includes(line) && line !== '').length).toBeGreaterThan(0);
    expect(head.length).toBeLessThan(all.length);
    expect((await lines('show version | utility egrep Version')).join()).toContain('Version');
    expect((await lines('show version | utility frobnicate')).join()).toContain('Invalid input');
  });
});
