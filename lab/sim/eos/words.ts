/** First words that EOS knows in the modes whose commands are not listed one by one. */
export const words: ReadonlySet<string> = new Set(
  `access-group access-list action activate address address-family administrator advertise-only aggregate-address application
  application-profile area authentication auto-cost autostate avt bandwidth banner bfd bgp bridge category cipher class client
  collector community connection cors counters default default-gateway default-information default-services deny description
  destination dhcp disabled distance distance-list dns domain-id dot1x download dpd dscp dynamic-peer encapsulation encryption
  entropy esp event-monitor exec exporter fast-reroute field-set fips flow from graceful-restart group host hop hostkey id
  idle-timeout ike ike-policy import input instance integrity interface internet ip ipsec ipv4 ipv6 is-hostname is-type isis
  jitter key key-exchange label latency lease lldp load-balance local local-id local-interface log-adjacency-changes logging
  loss-rate mac management mask match max-lsa max-metric maximum-paths maximum-routes metric-type microloop mode mpls mtu
  multihop multipath name neighbor net network next-hop ntp option output overlay passive passive-interface password path
  path-group path-metric path-selection peer peer-address peer-link permit pfs point-to-point policy port prefix priority profile
  protocol provider qos range rd reauth record redistribute region remote reload-delay route route-map route-target router
  router-id sa sa-policy sample security segment-routing send seq server server-profile service service-policy session set
  set-overload-bit shared-key shortcut shutdown site source spf spf-interval ssl static statistics stun subnet summary-address
  tcp timers tls topology tracker traffic-class traffic-engineering traffic-loopback transport transport-address trigger trunk
  trust tunnel type udp unicast update use virtual vlan vrf vxlan zone comment dh-group lifetime local-address lsp
  metric passive-address instance-id queue police color certificate trusted-ca`.split(/\s+/),
);
