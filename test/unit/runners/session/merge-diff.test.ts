import { describe, expect, it } from 'vitest';
import { secrets } from '../../../../core/redact/platforms/vrp.ts';
import { targetOf } from '../../../../lab/proof/target.ts';
import { rules, sameText } from '../../../../runners/drivers/vrp/text.ts';
import { items, mergeDiff } from '../../../../runners/session/text/merge-diff.ts';
import { refusePlainSecrets } from '../../../../runners/session/text/plain-secrets.ts';

const running = `#
 version 7.1.064
#
 sysname hp1
 ftp server enable
#
interface GigabitEthernet1/0/1
 description left
 ip address 10.0.0.1 24
#
interface GigabitEthernet1/0/2
 ip address 10.0.1.1 24
#
bgp 65001
 peer 10.0.0.2 as-number 65002
 #
 address-family ipv4 unicast
  peer 10.0.0.2 enable
#
return
`;
const diff = (wanted: string) => mergeDiff(running, wanted, rules, 'undo');

describe('what a merge would change', () => {
  it('is nothing for what runs already, however it is set apart', () => {
    expect(diff(running)).toBe('');
    expect(diff('interface GigabitEthernet1/0/2\n ip address 10.0.1.1 24\nsysname hp1\n')).toBe('');
  });

  it('is told under its view, and a line of another view is no help', () => {
    expect(diff('interface GigabitEthernet1/0/2\n description left\n')).toBe(
      ' interface GigabitEthernet1/0/2\n+ description left\n',
    );
    expect(diff('bgp 65001\n address-family ipv4 unicast\n  peer 10.0.0.9 enable\n')).toBe(
      ' bgp 65001\n  address-family ipv4 unicast\n+  peer 10.0.0.9 enable\n',
    );
    expect(diff('vlan 7\nvlan 7\n')).toBe('+vlan 7\n');
  });

  it('takes away in the same view only, whole sections too, and nothing that is not there', () => {
    expect(diff('interface GigabitEthernet1/0/1\n undo ip address\n')).toBe(
      ' interface GigabitEthernet1/0/1\n- ip address 10.0.0.1 24\n',
    );
    expect(diff('undo ip address\n undo description\n')).toBe('');
    expect(diff('undo interface GigabitEthernet1/0/2\n')).toBe('-interface GigabitEthernet1/0/2\n');
    // taken away to be given anew: once that runs, nothing is left to change
    expect(diff('interface GigabitEthernet1/0/1\n undo ip address\n ip address 10.0.0.1 24\n')).toBe('');
  });

  it('knows commands of the top level by the separator before them, and a banner as one', () => {
    const found = items('#\n sysname hp1\n ftp server enable\n#\nheader motd %\n  # hi\n%\nvlan 7\n', rules);
    expect(found.map(({ text, above }) => [text, above.length])).toEqual([
      ['sysname hp1', 0],
      ['ftp server enable', 0],
      ['header motd %\n  # hi\n%', 0],
      ['vlan 7', 0],
    ]);
  });
});

describe('VRP and Comware texts', () => {
  it('compare as the same whatever the indentation', () => {
    expect(sameText(running, running.replace(/^ /gm, '').replace('return\n', ''))).toBe(true);
    expect(sameText(running, running.replace('left', 'right'))).toBe(false);
  });

  it('hold secrets that are refused in plain text only', () => {
    const target = targetOf({ platform: 'huawei_vrp' }, { knownHosts: '' });
    const plain = (line: string) => {
      try {
        refusePlainSecrets(line, secrets, target);
        return false;
      } catch {
        return true;
      }
    };
    for (const line of [
      ' local-user bob password irreversible-cipher Secret@1',
      ' peer 10.0.0.2 password cipher secret',
      ' password simple Secret@1',
      'snmp-agent community read cipher public1',
      ' ospf authentication-mode md5 1 cipher secret',
    ])
      expect(plain(line), line).toBe(true);
    for (const line of [
      ' local-user bob password irreversible-cipher $1c$;abc$',
      ' peer 10.0.0.2 password cipher %^%#abc%^%#',
      ' password hash $h$6$abc',
      'snmp-agent community read cipher $c$3$abcdef',
      ' peer 10.0.0.2 password cipher @%@%abc@%@%',
      ' ssh server cipher aes256_ctr',
    ])
      expect(plain(line), line).toBe(false);
  });
});
