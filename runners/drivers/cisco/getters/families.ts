/** What IOS, IOS-XR and NX-OS call an address family → what we call it: `l2vpn_evpn`, `ipv4_multicast`. */
export const familyName = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/^(ipv[46]|vpnv[46])[ -]unicast$/, '$1')
    .replace(/^(?:l2vpn[ -])?e-?vpn$/, 'l2vpn_evpn')
    .replace(/\W+/g, '_');
