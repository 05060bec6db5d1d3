import { describe, expect, it } from 'vitest';
import { frr } from '../../../runners/drivers/frr.ts';
import { normalise, topLevel } from '../../../runners/drivers/frr-config.ts';
import { readDiff, unified } from '../../../runners/drivers/frr-diff.ts';

const running = `frr version 8.4.4
frr defaults traditional
hostname leaf1
no ip forwarding
!
ip prefix-list ALL seq 5 permit 10.0.0.0/8
!
router bgp 65001
 timers bgp 1 3
 neighbor 10.0.0.0 remote-as 65000
 !
 address-family ipv4 unicast
  redistribute connected
 exit-address-family
exit
!
end
`;

const printed = (deletions: string, additions: string) =>
  `2026-01-01 10:00:00,000  INFO: Called via "x"\n\nLines To Delete\n===============\n${deletions}\nLines To Add\n============\n${additions}`;

describe('what frr-reload.py prints', () => {
  it('becomes a diff with each line under its contexts', () => {
    const diff = readDiff(
      printed(
        'router bgp 65001\n address-family ipv4 unicast\n  no redistribute connected\n',
        'router bgp 65001\nrouter bgp 65001\n address-family ipv4 unicast\n  redistribute static\nrouter bgp 65001\n address-family ipv4 unicast\n  network 10.1.0.0/16\n',
      ),
      running,
      false,
    );
    expect(unified(diff)).toBe(`\
 router bgp 65001
  address-family ipv4 unicast
-  redistribute connected
 router bgp 65001
  address-family ipv4 unicast
+  redistribute static
+  network 10.1.0.0/16
`);
  });

  it('is nothing where nothing differs', () => {
    expect(unified(readDiff('', running, false))).toBe('');
  });

  it('shows an entry that gives way to another as a deletion', () => {
    const diff = readDiff(
      printed('', 'ip prefix-list ALL seq 5 permit 10.1.0.0/16\nno ip prefix-list ALL seq 5 permit 10.0.0.0/8\n'),
      running,
      false,
    );
    expect(unified(diff)).toBe(
      '-ip prefix-list ALL seq 5 permit 10.0.0.0/8\n+ip prefix-list ALL seq 5 permit 10.1.0.0/16\n',
    );
  });

  it('names the lines that come back for ever, and only these', () => {
    const always =
      'hostname other\nline vty\nfrr version 9.1\nip forwarding\nrouter bgp 65001\n bgp ebgp-requires-policy\nrouter bgp 65001\n neighbor 10.0.0.0 timers connect 120\n';
    const diff = readDiff(printed('no hostname leaf1\n', always), running.replace('no ip forwarding\n', ''), false);
    expect(unified(diff)).toBe('');
    expect(diff.unstable).toHaveLength(7);
    // a default that takes the place of another value is a change, as is forwarding that was off
    const real = readDiff(printed('', 'router bgp 65001\n timers bgp 60 180\nip forwarding\n'), running, false);
    expect(real.unstable).toEqual([]);
    expect(unified(real)).toBe(' router bgp 65001\n+ timers bgp 60 180\n+ip forwarding\n');
  });

  it('knows the defaults of the profile that runs', () => {
    const datacenter = running.replace('traditional', 'datacenter');
    const text = printed('', 'router bgp 65001\n no bgp ebgp-requires-policy\n');
    expect(readDiff(text, datacenter, false).unstable).toEqual(['no bgp ebgp-requires-policy']);
    expect(readDiff(text, running, false).unstable).toEqual([]);
  });

  it('counts only additions when a text is merged, and no removal of what is not there', () => {
    const text = printed(
      'router bgp 65001\n no redistribute connected\n',
      'interface lo\n description x\nno ip prefix-list NONE\n',
    );
    const diff = readDiff(text, running, true);
    expect(unified(diff)).toBe(' interface lo\n+ description x\n');
    expect(diff.unstable).toEqual(['no ip prefix-list NONE']);
  });
});

describe('a configuration of FRR', () => {
  it('is the same with other headers, comments, and blanks at line ends', () => {
    const other = `Building configuration...\n\nCurrent configuration:\n!\n${running.replace('8.4.4', '9.1').replaceAll('exit\n', 'exit  \n! x\n')}`;
    expect(normalise(other)).toBe(normalise(running));
    expect(normalise(running.replace('timers bgp 1 3', 'timers bgp 1 4'))).not.toBe(normalise(running));
    expect(frr.hostname(running)).toBe('leaf1');
    expect(frr.hostname('router bgp 1\n hostname x\n')).toBeUndefined();
    expect(topLevel('hostname a\nhostname b\n', 'hostname')).toEqual({ value: 'b', line: 2 });
  });
});
