import { describe, expect, it } from 'vitest';
import { napalmMasked } from '../../../../runners/getters/napalm/masks.ts';
import { sanitize } from '../../../../runners/getters/sanitize.ts';
import { parsers } from '../../../parsers.ts';

const cisco = `snmp-server community S3CRET RO
snmp-server host 10.0.0.1 traps version 2c S3CRET udp-port 1162
snmp-server host 10.0.0.1 S3CRET
snmp-server user ann network-admin auth md5 0xS3CRET priv 0xS3CRET localizedkey engineID 1:2
snmp-server user ann group v3 auth sha S3CRET priv aes 128 S3CRET
username ann privilege 15 secret 5 S3CRET
username ann password S3CRET
enable secret level 3 9 S3CRET
enable password S3CRET
tacacs-server host 10.0.0.1 timeout 3 key S3CRET
radius-server key 7 S3CRET
radius-server host 10.0.0.1 auth-port 1812 key S3CRET
tacacs server T
 address ipv4 10.0.0.1
 key S3CRET
 timeout 3
crypto isakmp key S3CRET address 10.0.0.1
crypto isakmp key 6 S3CRET address 10.0.0.1
crypto ikev2 keyring K
 peer P
  address 10.0.0.1
  pre-shared-key local 6 S3CRET
  pre-shared-key S3CRET
crypto keyring K
  pre-shared-key address 10.0.0.1 key 6 S3CRET
line vty 0 4
 password 7 S3CRET
router bgp 65001
 neighbor 10.0.0.1
  password encrypted S3CRET
 neighbor 10.0.0.2 password 7 S3CRET
key chain BGP tcp
 key 1
  send-id 1
  key-string 7 S3CRET
  key-string password S3CRET
interface GigabitEthernet1
 ip ospf message-digest-key 1 md5 7 S3CRET
 ip ospf authentication-key 7 S3CRET
 vrrp 1 authentication text S3CRET
 standby 1 authentication md5 key-string 7 S3CRET timeout 30
 standby 1 authentication text S3CRET-that-is-long
 ppp chap password 7 S3CRET
 ppp pap sent-username ann password 0 S3CRET
dot11 ssid guests
 wpa-psk ascii 7 S3CRET
crypto pki certificate chain SELF
 certificate self-signed 01
  3082022B 30820194 A0030201 02020101
  311F301D
  \tquit
`;

describe('a configuration without its secrets', () => {
  it('of Cisco has none of them left, and all else', () => {
    const masked = sanitize(cisco);
    expect(masked).not.toMatch(/S3CRET|3082022B|311F301D/);
    expect(masked).toContain('tacacs server T\n address ipv4 10.0.0.1\n key <removed>\n timeout 3\n');
    expect(masked).toContain('\n  password encrypted <removed>\n');
    expect(masked).toContain('snmp-server host 10.0.0.1 traps version 2c <removed> udp-port 1162\n');
    expect(masked).toContain(' certificate self-signed 01\n  <removed>\n  \tquit\n');
    expect(masked.match(/S3CRET|<removed>/g)).toHaveLength((cisco.match(/S3CRET/g) ?? []).length + 1);
  });

  it('of EOS has neither its root password nor its keys left', () => {
    const text = `aaa root secret sha512 S3CRET
username ann role network-admin secret sha512 S3CRET
management security
   session shared-secret profile P
      secret 1 7 S3CRET receive-lifetime infinite
protocol https certificate
-----BEGIN PRIVATE KEY-----
S3CRET
-----END PRIVATE KEY-----
EOF
`;
    expect(sanitize(text)).toBe(`aaa root secret sha512 <removed>
username ann role network-admin secret sha512 <removed>
management security
   session shared-secret profile P
      secret 1 7 <removed> receive-lifetime infinite
protocol https certificate
-----BEGIN PRIVATE KEY-----
<removed>
-----END PRIVATE KEY-----
EOF
`);
  });

  it('of Junos has neither quoted secrets nor communities left', () => {
    const text = `snmp {
    community public {
    community S3CRET;
    community "S3-CRET all" {
}
set snmp community S3-CRET authorization read-only
    community CUSTOMERS members 65000:1;
    authentication-key "$9$S3CRET";"$9$S3CRET"
    encrypted-password "$6$S3CRET"; ## SECRET-DATA
    pre-shared-key ascii-text "$9$S3CRET"; ## SECRET-DATA
    description "$8 a month";
`;
    expect(sanitize(text)).toBe(`snmp {
    community <removed> {
    community <removed>;
    community "<removed>" {
}
set snmp community <removed> authorization read-only
    community CUSTOMERS members 65000:1;
    authentication-key "<removed>"
    encrypted-password "<removed>"; ## SECRET-DATA
    pre-shared-key ascii-text "<removed>"; ## SECRET-DATA
    description "$8 a month";
`);
  });

  it('keeps lines that only look like secrets', () => {
    const text = `service password-encryption
hostname key-string
router bgp 65001
 neighbor 10.0.0.1 description the password is elsewhere
interface Vlan1
 standby 1 authentication md5 key-chain HSRP
key chain OSPF
 key 7
ip ssh pubkey-chain
`;
    expect(sanitize(text)).toBe(text);
  });

  it('in the shape of NAPALM is masked where NAPALM masks, its blanks, lost lines and kept secrets included', () => {
    const text = `snmp-server community
snmp-server host 10.0.0.1 version 2c S3CRET bgp
snmp-server host 10.0.0.2 version 2c kept
snmp-server user ann net auth md5 0xaa priv 0xbb localizedkey engineID 1:2

username ann secret sha512 $6$kept
username bob secret 500 kept
username eve secret 5 S3CRET key 7 012
tacacs server T
 key S3CRET-but-not-the-last
 key S3CRET

radius server R
 timeout 5
 neighbor 10.0.0.1
  password encrypted kept
 password 7 0123
 password 7 kept and more
crypto isakmp key 6
 standby 1 authentication md5 key-string S3CRET timeout 30
 standby 1 authentication md5 key-string S3CRET
`;
    expect(napalmMasked(text)).toBe(`snmp-server community <removed>
snmp-server host 10.0.0.1 version 2c <removed>  bgp
snmp-server host 10.0.0.2 version 2c kept
snmp-server user ann net auth md5 <removed> priv <removed> localizedkey engineID 1:2 engineID 1:2
username ann secret sha512 $6$kept
username bob secret 500 kept
username eve secret 5 <removed>
tacacs server T
 key S3CRET-but-not-the-last
 key <removed>

radius server R
 timeout 5
 neighbor 10.0.0.1
  password encrypted kept
 password <removed>
 password 7 kept and more
crypto isakmp key 6
 standby 1 authentication md5 key-string <removed>  timeout 30
 standby 1 authentication md5 key-string <removed> 
`);
    expect(sanitize(text)).not.toMatch(/S3CRET|kept(?! and)/);
  });

  it('in the shape of NAPALM keeps the secrets of Junos that NAPALM keeps', () => {
    const text = '    community S3-kept;\n    community S3CRET {\n    key "$9$kept"; key "$9$S3CRET"; ## SECRET-DATA\n';
    expect(napalmMasked(text, parsers.junos.napalmMasks)).toBe(
      '    community S3-kept;\n    community <removed> {\n    key "$9$kept"; key <removed>; ## SECRET-DATA\n',
    );
  });
});
