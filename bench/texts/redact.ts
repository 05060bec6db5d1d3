/** Blocks as the platforms print them, of which a long configuration is made; `%` is the number of the block. */
const blocks = {
  eos: `interface Ethernet%
   description P2P_LINK_TO_SPINE1_Ethernet%
   mtu 9214
   no switchport
   ip address 198.51.100.1/31
   ip ospf network point-to-point
   ip ospf authentication message-digest
   ip ospf message-digest-key 1 sha512 7 KEY%
!
vlan 1%
   name TENANT-%
!
ip prefix-list PL-% seq 10 permit 203.0.113.0/24 le 32
route-map RM-% permit 10
   match community CL-%
   set community 65000:% additive
!
router bgp 65001
   neighbor 192.0.2.% peer group SPINES
   neighbor 192.0.2.% password 7 PASS%
   neighbor 192.0.2.% send-community extended
   neighbor 192.0.2.% maximum-routes 12000
!`,
  ios: `interface GigabitEthernet0/0/%
 description uplink % to the core
 ip address 198.51.100.1 255.255.255.254
 ip access-group ACL-% in
 standby 1 authentication md5 key-string 7 KEY%
 service-policy output QOS
!
ip access-list extended ACL-%
 10 permit tcp any host 192.0.2.1 eq 443
 20 deny ip any any log
!
router bgp 65001
 neighbor 192.0.2.% remote-as 65002
 neighbor 192.0.2.% password 7 PASS%
 address-family ipv4
  neighbor 192.0.2.% activate
  neighbor 192.0.2.% route-map RM-% out
!
ip route 203.0.113.0 255.255.255.0 192.0.2.1 name R%
username user% privilege 15 secret 9 $9$abc$HASH%`,
  'junos braces': `interfaces {
    xe-0/0/% {
        description "uplink % to the core";
        unit 0 {
            family inet {
                address 198.51.100.1/31;
            }
            family iso;
        }
    }
}
protocols {
    bgp {
        group G% {
            type external;
            authentication-key "$9$KEY%"; ## SECRET-DATA
            neighbor 192.0.2.% {
                peer-as 65002;
                import IN;
            }
        }
    }
}`,
  'junos set': `set interfaces xe-0/0/% description "uplink % to the core"
set interfaces xe-0/0/% unit 0 family inet address 198.51.100.1/31
set interfaces xe-0/0/% unit 0 family iso
set protocols bgp group G% type external
set protocols bgp group G% authentication-key "$9$KEY%"
set protocols bgp group G% neighbor 192.0.2.% peer-as 65002
set protocols bgp group G% neighbor 192.0.2.% import IN
set policy-options prefix-list PL-% 203.0.113.0/24
set policy-options policy-statement PS-% term 1 from community C%
set policy-options policy-statement PS-% term 1 then accept
set firewall family inet filter F% term 1 from source-address 192.0.2.0/24
set firewall family inet filter F% term 1 then discard`,
  frr: `interface eth%
 description uplink % to the core
 ip address 198.51.100.1/31
 ip ospf message-digest-key 1 md5 KEY%
exit
!
router bgp 65001
 neighbor 192.0.2.% remote-as 65002
 neighbor 192.0.2.% password PASS%
 neighbor 192.0.2.% timers 1 3
 !
 address-family ipv4 unicast
  network 203.0.113.0/24
  neighbor 192.0.2.% soft-reconfiguration inbound
 exit-address-family
exit
!
ip prefix-list PL-% seq 5 permit 203.0.113.0/24 le 32
bgp community-list standard CL-% permit 65000:%
route-map RM-% permit 10
 match ip address prefix-list PL-%
 set community 65000:% additive
exit`,
} as const;

/** A configuration of so many lines of each platform, with a secret in about one line of fifteen. */
export const redactTexts = (lines: number): [string, string][] =>
  Object.entries(blocks).map(([name, block]) => {
    const each = block.split('\n').length;
    const count = Math.ceil(lines / each);
    const all = Array.from({ length: count }, (_, at) => block.replaceAll('%', String(at))).join('\n');
    return [name, all.split('\n').slice(0, lines).join('\n')];
  });
