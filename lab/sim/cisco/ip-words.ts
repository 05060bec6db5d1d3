const alternatives = (words: string): string => `(?:${words.trim().split(/\s+/).join('|')})`;

// What IOS and NX-OS know after `ip`. Sources: IOS IP command references, NX-OS configuration guides of the Nexus 9000.

/** In an interface. */
export const ipOfInterface = alternatives(
  `access-group accounting address admission arp auth-proxy authentication bandwidth bandwidth-percent bfd bgp broadcast-address cef cgmp
  ddns delay dhcp directed-broadcast distribute-list dvmrp eigrp flow flowspec forward hello-interval helper-address hold-time icmp igmp
  information-reply inspect ips irdp lisp load-sharing local-proxy-arp mask-reply mfib mobile mroute-cache mtu multicast nat nbar
  next-hop-self nhrp ospf passive-interface pgm pim policy port port-unreachable probe proxy-arp rarp-server redirects rgmp rip route-cache
  router rsvp rtp sap security source split-horizon sticky-arp summary-address tcp traffic-export ttl unnumbered unreachables urd urlfilter
  verify virtual-reassembly vrf wccp`,
);

/** At the top of the configuration. */
export const ipOfDevice = alternatives(
  `access-list accounting-list accounting-threshold accounting-transits adjacency adjmgr admission alias amt arp as-path audit auth-proxy
  auto-discard bgp-community bootp casa cef classless community-list ddns default-gateway default-network device dhcp dhcp-client
  dhcp-relay dhcp-server dns domain domain-list domain-lookup domain-name drp dvmrp explicit-path extcommunity-list finger flow
  flow-aggregation flow-cache flow-capture flow-export flow-top-talkers forward forward-protocol forwarding ftp gratuitous-arps gre
  hardware host host-list host-routing hp-host http icmp icmp-errors identd igmp inspect internal ips kerberos large-community-list lisp
  load-sharing local local-proxy-arp mfib mobile mrib mrm mroute msdp multicast multicast-routing name-server nat nbar netmask-format nhrp
  options ospf pgm pim policy policy-list port port-map prefix-list proxy-arp queue-depth radius rarp-server rcmd redirects
  reflexive-list rip route routing rsvp rtcp sap scp sctp sdr security sla slb source source-route source-track spd split-horizon ssh
  sticky-arp subnet-zero tacacs tcp telnet tftp traffic-export trigger-authentication udp unreachables urlfilter verify
  virtual-reassembly vrf wccp`,
);
