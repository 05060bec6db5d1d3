import { describe, expect, it } from 'vitest';
import { typedLines } from '../../../runners/drivers/iosxr/config.ts';
import { iosxr } from '../../../runners/drivers/iosxr/platform.ts';
import { lifecycle } from '../lifecycle.ts';

const config = (more: string) => `hostname r1
username admin
 group root-lr
 secret 5 $1$abc$def
!
interface MgmtEth0/RP0/CPU0/0
 ipv4 address 10.0.0.15 255.255.255.0
!
${more}router bgp 65001
 bgp router-id 10.0.0.1
 address-family ipv4 unicast
 !
 neighbor 10.0.0.2
  remote-as 65002
  address-family ipv4 unicast
  !
 !
!
end
`;

for (const transport of ['ssh', 'telnet'] as const) {
  lifecycle(`a router with IOS-XR over ${transport}`, {
    driver: iosxr,
    transport,
    platform: 'iosxr',
    before: config(''),
    after: config('interface Loopback7\n ipv4 address 10.0.0.7 255.255.255.255\n!\n'),
    mark: 'Loopback7',
    commits: 'commit replace confirmed',
    bad: { text: config('rooter bgp 65000\n!\n'), line: 9 },
    keepsNothing: true,
  });
}

describe('configuration lines for IOS-XR', () => {
  it('leave each mode where the indentation ends it', () => {
    const text = [
      'route-policy ALL',
      '  if destination in X then',
      '    pass',
      '  endif',
      'end-policy',
      '!',
      'router bgp 1',
      ' neighbor 10.0.0.2',
      '  address-family ipv4 unicast',
      '   route-policy ALL in',
      '  !',
      ' !',
      ' address-family ipv4 unicast',
      '!',
      'end',
    ];
    expect(typedLines(text.join('\n')).map(({ text: line }) => line)).toEqual([
      ...text.slice(0, 5),
      ...text.slice(6, 10),
      'exit',
      'exit',
      ' address-family ipv4 unicast',
    ]);
  });
});
