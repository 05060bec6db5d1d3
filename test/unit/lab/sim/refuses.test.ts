import ssh2, { type ClientChannel } from 'ssh2';
import { describe, expect, it } from 'vitest';
import type { PlatformName } from '../../../../lab/sim/platforms.ts';
import { frame, Unframer } from '../../../../lab/sim/protocols/netconf/netconf-framing.ts';
import type { Sim } from '../../../../lab/sim/sim.ts';
import { Person, simOf } from './client.ts';

/** What a person types that no such device knows: commands, then lines of configuration; how it is entered and left. */
const typed: Record<string, { refusal: RegExp; commands: string[]; enter: string; leave: string; lines: string[] }> = {
  eos: {
    refusal: /^% /m,
    commands: [
      ...[
        'frobnicate',
        'show frobnication',
        'show version often',
        'show interfaces Ethernet99',
        'show lldp neighbors Ethernet1 often',
      ],
      ...[
        'show ip bgp summary vrf',
        'show session-config named nobody',
        'show running-config | frobnicate',
        'terminal frobnicate 3',
      ],
      ...[
        'terminal length often',
        'configure frobnicate',
        'configure session x frobnicate',
        'configure session x commit timer soon',
      ],
      ...[
        'configure replace flash:nothing',
        'copy flash:nothing flash:y',
        'delete flash:nothing',
        'more flash:nothing',
      ],
      ...['bash reboot', 'clear everything', 'write often', 'show ip route frobnicate', 'show arp vrf NOBODY'],
    ],
    enter: 'configure',
    leave: 'end',
    lines: [
      ...['frobnicate', 'router frobnicate 1', 'rooter bgp 1', 'hostname'],
      ...['interface Ethernet1\n   frobnicate', 'router bgp 65101\n   frobnicate 3'],
    ],
  },
  ios: {
    refusal: /^%|not found|Error/m,
    commands: [
      ...[
        'frobnicate',
        'show frobnication',
        'show version often',
        'show interfaces GigabitEthernet99',
        'show bgp frob unicast summary',
      ],
      ...[
        'show bgp ipv4 frobnicate summary',
        'show running-config | frobnicate',
        'terminal frobnicate 3',
        'terminal length often',
      ],
      ...[
        'configure frobnicate',
        'configure replace flash:nothing force',
        'configure terminal revert timer soon',
        'more flash:nothing',
      ],
      ...[
        'clear everything',
        'show archive config differences flash:a flash:b',
        'dir flash:nothing',
        'show arp vrf NOBODY',
      ],
    ],
    enter: 'configure terminal',
    leave: 'end',
    lines: [
      ...['frobnicate', 'router frobnicate 1', 'rooter bgp 1', 'hostname'],
      ...['interface GigabitEthernet1\n frobnicate', 'router bgp 65001\n frobnicate 3'],
      ...['ip frobnicate often', 'interface GigabitEthernet1\n ip frobnicate often'],
    ],
  },
  iosxr: {
    refusal: /^%|Couldn't/m,
    commands: [
      ...[
        'frobnicate',
        'show frobnication',
        'show version often',
        'show running-config frobnicate',
        'show bgp frob unicast summary',
      ],
      ...[
        'show version | frobnicate',
        'show version | utility reboot',
        'terminal frobnicate 3',
        'terminal length often',
      ],
      ...[
        'configure frobnicate',
        'clear everything',
        'show configuration commit list soon detail',
        'show processes often',
      ],
    ],
    enter: 'configure terminal',
    leave: 'abort',
    lines: [
      ...['frobnicate', 'router frobnicate 1', 'rooter bgp 1', 'hostname', 'load disk0:nothing'],
      ...['commit frobnicate', 'commit confirmed soon', 'interface GigabitEthernet0/0/0/0\n frobnicate'],
    ],
  },
  nxos: {
    refusal: /^%|ERROR|No such file|Invalid/m,
    commands: [
      ...[
        'frobnicate',
        'show frobnication',
        'show version often',
        'show version | frobnicate',
        'show clock | json',
        'terminal frobnicate 3',
      ],
      ...[
        'terminal length often',
        'configure frobnicate',
        'configure replace bootflash:nothing',
        'rollback running-config checkpoint nothing',
      ],
      ...[
        'rollback running-config frobnicate x',
        'no checkpoint nothing',
        'show file bootflash:nothing',
        'show file bootflash:a sha0sum',
      ],
      ...[
        'clear everything',
        'copy bootflash:nothing bootflash:y',
        'delete bootflash:nothing no-prompt',
        'dir bootflash:nothing',
      ],
      ...['show ip arp vrf NOBODY', 'show diff rollback-patch checkpoint a checkpoint b', 'configure replace commit'],
    ],
    enter: 'configure terminal',
    leave: 'end',
    lines: [
      ...['frobnicate', 'router frobnicate 1', 'rooter bgp 1', 'hostname'],
      ...['interface Ethernet1/1\n  frobnicate', 'router bgp 65103\n  frobnicate 3'],
      ...['ip frobnicate often', 'interface Ethernet1/1\n  ip frobnicate often'],
    ],
  },
  junos: {
    refusal: /unknown command|syntax error|error:|No such file|statement not found/,
    commands: [
      ...[
        'frobnicate',
        'show frobnication',
        'show version often',
        'show version | frobnicate',
        'show version | display json',
        'set cli frobnicate 3',
      ],
      ...[
        'set cli screen-length often',
        'configure frobnicate',
        'show system rollback 48',
        'file show /var/tmp/nothing',
        'file delete /var/tmp/nothing',
      ],
      ...[
        'file frobnicate x',
        'file checksum md5 /var/tmp/nothing',
        'clear everything',
        'show bgp neighbor 203.0.113.9 often',
        'request system reboot',
      ],
    ],
    enter: 'configure',
    leave: 'rollback 0\nexit configuration-mode',
    lines: [
      ...[
        'frobnicate',
        'set frobnicate',
        'set system frobnicate 1',
        'set protocols frobnicate',
        'set interfaces ge-0/0/0 frobnicate',
      ],
      ...[
        'delete protocols frobnicate',
        'set host-name top',
        'rollback 48',
        'commit frobnicate',
        'commit confirmed soon',
        'load frobnicate terminal',
      ],
      ...['load merge /var/tmp/nothing', 'show | display json', 'edit frobnicate'],
    ],
  },
};

describe.each(Object.entries(typed))(
  'a simulated %s refuses at its terminal',
  (platform, { refusal, commands, enter, leave, lines }) => {
    it('each command and line that it does not know, and stays as it was', async () => {
      await using sim = await simOf(platform as PlatformName);
      await using person = await Person.at(sim);
      const before = structuredClone(sim.device.running);
      const taken: string[] = [];
      for (const command of commands) if (!refusal.test(await person.type(command))) taken.push(command);
      for (const text of lines) {
        await person.type(enter);
        let said = '';
        for (const line of text.split('\n')) said = await person.type(line);
        if (!refusal.test(said)) taken.push(`${enter}: ${text}`);
        if (!/^Exiting|exited/m.test(said)) for (const line of leave.split('\n')) await person.type(line);
      }
      expect(taken).toEqual([]);
      expect(sim.device.running).toEqual(before);
    });
  },
);

/** Someone at the device by NETCONF. */
const netconf = async (sim: Sim) => {
  const client = new ssh2.Client();
  client.on('error', () => {}); // the device may be gone first
  await new Promise<void>((resolve) => {
    client.once('ready', () => resolve());
    client.connect({
      host: sim.host,
      port: sim.ports.netconf ?? 0,
      username: 'admin',
      password: 'admin',
      hostVerifier: () => true,
    });
  });
  const channel = await new Promise<ClientChannel>((resolve, reject) =>
    client.subsys('netconf', (error, opened) => (error ? reject(error) : resolve(opened))),
  );
  const unframer = new Unframer();
  const waiting: ((message: string) => void)[] = [];
  const hello = new Promise<string>((resolve) => waiting.push(resolve));
  channel.on('data', (bytes: Buffer) => {
    for (const message of unframer.push(bytes)) waiting.shift()?.(message);
  });
  channel.write(
    frame(
      '<hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.0</capability></capabilities></hello>',
      false,
    ),
  );
  await hello;
  return {
    ask: (operation: string) => {
      const answer = new Promise<string>((resolve) => waiting.push(resolve));
      channel.write(
        frame(`<rpc message-id="1" xmlns="urn:ietf:params:xml:ns:netconf:base:1.0">${operation}</rpc>`, false),
      );
      return answer;
    },
    [Symbol.asyncDispose]: async () => void client.end(),
  };
};

const config = (text: string) => `<edit-config><target><candidate/></target><config>${text}</config></edit-config>`;
const filtered = (operation: string, filter: string) =>
  `<${operation}>${operation === 'get' ? '' : '<source><running/></source>'}<filter type="subtree">${filter}</filter></${operation}>`;
const xr = 'http://cisco.com/ns/yang/Cisco-IOS-XR';

const asked = {
  junos: [
    '<get-frobnication-information/>',
    '<get-interface-information><often/></get-interface-information>',
    '<get-route-information><protocol>frob</protocol></get-route-information>',
    '<command>show frobnication</command>',
    '<command format="json">show version</command>',
    '<command>show version | frobnicate</command>',
    '<get-configuration format="json"/>',
    '<load-configuration format="json"><configuration-json>{"configuration":{}}</configuration-json></load-configuration>',
    '<load-configuration action="frobnicate" format="text"><configuration-text>system { host-name x; }</configuration-text></load-configuration>',
    '<load-configuration action="set" format="text"><configuration-set>set frobnicate often</configuration-set></load-configuration>',
    '<load-configuration format="xml"><configuration><system><frobnicate/></system></configuration></load-configuration>',
    '<load-configuration rollback="48"/>',
    '<load-configuration url="/var/tmp/nothing"/>',
    config('<configuration><frobnicate><often/></frobnicate></configuration>'),
    config('<configuration><protocols><bgp><frobnicate>1</frobnicate></bgp></protocols></configuration>'),
    config('<configuration><bgp><group><name>g</name></group></bgp></configuration>'),
    config('<configuration-json>{}</configuration-json>'),
    '<edit-config><target><running/></target><config><configuration><system><host-name>x</host-name></system></configuration></config></edit-config>',
    '<edit-config><target><candidate/></target><default-operation>frobnicate</default-operation><config><configuration><system><host-name>x</host-name></system></configuration></config></edit-config>',
    '<get-config><source><frobnicate/></source></get-config>',
    '<get-config><source><running/></source><filter type="xpath" select="/configuration"/></get-config>',
    '<commit-configuration><frobnicate/></commit-configuration>',
    '<commit-configuration><confirmed/><confirm-timeout>soon</confirm-timeout></commit-configuration>',
    '<lock><target><frobnicate/></target></lock>',
    '<kill-session><session-id>4711</session-id></kill-session>',
    '<unclosed>',
  ],
  iosxr: [
    '<frobnicate/>',
    config(`<cli xmlns="${xr}-cli-cfg">frobnicate</cli>`),
    config(`<cli xmlns="urn:x">hostname x</cli>`),
    config(`<interface-configurations xmlns="${xr}-ifmgr-cfg"><interface-configuration/></interface-configurations>`),
    config(`<bgp xmlns="${xr}-ipv4-bgp-cfg"><instance><instance-name>default</instance-name></instance></bgp>`),
    config('<interfaces xmlns="http://openconfig.net/yang/interfaces"/>'),
    '<edit-config><target><candidate/></target></edit-config>',
    `<edit-config><target><running/></target><config><cli xmlns="${xr}-cli-cfg">hostname x</cli></config></edit-config>`,
    `<edit-config><target><candidate/></target><default-operation>frobnicate</default-operation><config><cli xmlns="${xr}-cli-cfg">hostname x</cli></config></edit-config>`,
    filtered('get', '<frobnicate xmlns="urn:x"/>'),
    filtered('get', `<bgp xmlns="${xr}-ipv4-bgp-cfg"/>`),
    filtered('get-config', '<frobnicate xmlns="urn:x"/>'),
    filtered('get-config', `<bgp xmlns="${xr}-ipv4-bgp-oper"/>`),
    '<get-config><source><frobnicate/></source></get-config>',
    '<get-config><source><running/></source><filter type="xpath" select="/cli"/></get-config>',
    '<commit><confirmed/><confirm-timeout>soon</confirm-timeout></commit>',
    '<commit><persist-id>nobody</persist-id></commit>',
    '<cancel-commit/>',
    '<lock><target><frobnicate/></target></lock>',
    '<kill-session><session-id>4711</session-id></kill-session>',
    '<copy-config><target><running/></target><source><startup/></source></copy-config>',
    '<unclosed>',
  ],
} as const;

describe.each(Object.entries(asked))('a simulated %s refuses over NETCONF', (platform, operations) => {
  it('each operation, argument, model and statement that it does not know, and stays as it was', async () => {
    await using sim = await simOf(platform as PlatformName, { ports: { netconf: 0 } });
    await using session = await netconf(sim);
    const before = structuredClone(sim.device.running);
    const taken: string[] = [];
    for (const operation of operations) {
      const answer = await session.ask(operation);
      if (!answer.includes('<error-severity>error</error-severity>'))
        taken.push(`${operation} → ${answer.slice(0, 200)}`);
    }
    expect(taken).toEqual([]);
    expect(sim.device.running).toEqual(before);
    expect(await session.ask(filtered('get-config', ''))).not.toContain('rpc-error'); // it goes on as before
  });
});
