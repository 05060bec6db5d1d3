import type { Mode } from '../config/syntax.ts';

/** Lines that begin with one of these words; `_` stands for a blank. */
export const begin = (words: string): RegExp =>
  new RegExp(`^(?:${words.trim().split(/\s+/).join('|').replaceAll('_', ' ')})(?: |$)`);

const part = (name: string, from: string, opens: RegExp, prompt: string, words: string): Mode => ({
  name,
  ...(from === '' ? {} : { in: from.split(' ') }),
  opens,
  prompt: `-${prompt}`,
  own: begin(words),
  closed: true,
});

/** The parts of an IOS-XR configuration. */
export const iosxrModes: readonly Mode[] = [
  part(
    'interface',
    '',
    /^interface \S+(?: l2transport)?$/,
    'if',
    'address-family arp bandwidth bfd bundle carrier-delay cdp dampening description duplex encapsulation ethernet flow ipv4_(?!access-list|prefix|virtual|route).+ ipv6_(?!access-list|route).+ keepalive l2transport lacp lldp load-interval mac-address mpls mtu negotiation proxy-arp rewrite service-policy shutdown speed transceiver tunnel vrf monitor-session destination',
  ),
  part('username', '', /^username \S+$/, 'un', 'group secret password policy'),
  part(
    'call-home',
    '',
    /^call-home$/,
    'call-home',
    'service contact contact-email-addr active sender site-id customer-id data-privacy http-proxy mail-server phone-number source-interface vrf',
  ),
  part(
    'profile',
    'call-home',
    /^profile \S+$/,
    'call-home-profile',
    'active destination subscribe-to-alert-group reporting anonymous-reporting-only',
  ),
  part('xml', '', /^xml agent(?: tty| ssl)?$/, 'xml-tty', 'iteration session throttle ipv4 ipv6 vrf'),
  part('netconf', '', /^netconf-yang agent$/, 'ncy-agent', 'ssh$ netconf session rate-limit'),
  part('vrf', '', /^vrf \S+$/, 'vrf', 'description mode vpn rd mhost'),
  part('vrf-af', 'vrf', /^address-family \S+ \S+$/, 'vrf-af', 'maximum'),
  part(
    'vrf-route',
    'vrf-af',
    /^(?:import|export) route-target$/,
    'vrf-import-rt',
    '\\d+:\\d+ \\d+\\.\\d+\\.\\d+\\.\\d+:\\d+',
  ),
  part(
    'bgp',
    '',
    /^router bgp \S+(?: instance \S+)?$/,
    'bgp',
    'bgp default-information default-metric distance ibgp maximum mpls mvpn nsr rpki socket timers update nexthop',
  ),
  part(
    'bgp-group',
    'bgp',
    /^(?:neighbor-group|af-group|session-group) \S+.*$/,
    'bgp-nbrgrp',
    'remote-as use update-source timers password local-as ebgp-multihop description bfd capability ttl-security send-community-ebgp shutdown dmz-link-bandwidth',
  ),
  part('bgp-vrf', 'bgp', /^vrf \S+$/, 'bgp-vrf', 'rd bgp timers label default-information'),
  part(
    'bgp-neighbor',
    'bgp bgp-vrf',
    /^neighbor \S+$/,
    'bgp-nbr',
    'remote-as use update-source timers password local-as ebgp-multihop description bfd capability ttl-security shutdown advertisement-interval cluster-id dmz-link-bandwidth egress-engineering enforce-first-as graceful-restart ignore-connected-check keychain local local-address-subnet log max-prefix peer-set precedence receive-buffer-size send-buffer-size session-open-mode site-of-origin tcp',
  ),
  part(
    'bgp-af',
    'bgp bgp-vrf',
    /^address-family \S+ \S+(?: \S+)?$/,
    'bgp-af',
    'network redistribute maximum-paths aggregate-address allocate-label bgp additional-paths default-martian-check distance dynamic-med nexthop table-policy vrf retain label weight import advertise',
  ),
  part(
    'bgp-neighbor-af',
    'bgp-neighbor bgp-group',
    /^address-family \S+ \S+(?: \S+)?$/,
    'bgp-nbr-af',
    'advertise aigp allowas-in as-override capability default-originate encapsulation-type import long-lived-graceful-restart maximum-prefix multipath next-hop-self next-hop-unchanged optimal-route-reflection orf remove-private-as route-policy route-reflector-client send-community-ebgp send-extended-community-ebgp site-of-origin soft-reconfiguration use weight',
  ),
  part('static', '', /^router static$/, 'static', 'maximum'),
  part('static-vrf', 'static', /^vrf \S+$/, 'static-vrf', 'maximum'),
  part(
    'static-af',
    'static static-vrf',
    /^address-family \S+ \S+$/,
    'static-afi',
    '\\d+\\.\\d+\\.\\d+\\.\\d+/\\d+ [0-9a-fA-F:]+/\\d+',
  ),
  part(
    'isis',
    '',
    /^router (?:isis|ospf|ospfv3) \S+$/,
    'isis',
    'net is-type log router-id nsf nsr set-overload-bit lsp-gen-interval lsp-refresh-interval distribute max-lsp-lifetime lsp-password redistribute cost network passive mpls timeout auto-cost default-information',
  ),
  part(
    'isis-af',
    'isis isis-interface',
    /^address-family \S+ \S+$/,
    'isis-af',
    'metric-style metric mpls spf-interval advertise maximum-paths redistribute segment-routing fast-reroute single-topology propagate prefix-sid',
  ),
  part(
    'isis-interface',
    'isis area',
    /^interface \S+$/,
    'isis-if',
    'circuit-type point-to-point passive hello-interval hello-password bfd cost network passive metric fast-reroute authentication',
  ),
  part('area', 'isis', /^area \S+$/, 'ospf-ar', 'mpls authentication range stub nssa default-cost'),
  part(
    'line',
    '',
    /^line (?:console|default|template \S+)$/,
    'line',
    'exec-timeout timestamp length width transport access-class session-limit users authorization login password secret',
  ),
  part(
    'ntp',
    '',
    /^ntp(?: vrf \S+)?$/,
    'ntp',
    'server peer source update-calendar authenticate authentication-key trusted-key interface max-associations access-group',
  ),
  part('ssh', '', /^tpa$/, 'tpa', 'vrf'),
  part('acl', '', /^ipv[46] access-list \S+$/, 'ipv4-acl', '\\d+ permit deny remark'),
  part('control', '', /^control-plane$/, 'ctrl', 'management-plane'),
  part(
    'lldp',
    '',
    /^lldp$/,
    'lldp',
    'timer holdtime reinit tlv-select management subinterfaces extended-show-width priorityaddr',
  ),
  part(
    'sub',
    '',
    /^(?:mpls ldp|segment-routing|l2vpn|evpn|multicast-routing|router pim|flow .*-map .*|snmp-server traps|tacacs-server host .*|radius-server host .*|aaa group server .*|key chain .*|class-map .*|policy-map .*|telemetry model-driven|grpc|lacp|hw-module .*|performance-measurement|object-group .*|monitor-session .*|mpls (?:oam|traffic-eng)|rsvp|bfd|domain|extcommunity-set .*)$/,
    'sub',
    'timer router-id interface log neighbor discovery graceful-restart session holdtime global-block server key key-string class match port address-family sensor-group subscription destination-group no-tls bridge xconnect evi bgp advertise sample version record exporter reoptimize affinity-map',
  ),
];
