import { requests } from './bgp-tree.ts';

const model = (name: string) => `xmlns="http://cisco.com/ns/yang/Cisco-IOS-XR-${name}"`;

/** The leaves that the parsers read: the whole tree of a session is huge. */
const neighbor = [
  'neighbor-address',
  'description',
  'local-as',
  'remote-as',
  'router-id',
  'connection-state',
  'previous-connection-state',
  'connection-established-time',
  'connection-down-count',
  'connection-local-address',
  'connection-local-port',
  'connection-remote-address',
  'connection-remote-port',
  'is-administratively-shut-down',
  'is-external-neighbor-not-directly-connected',
  'is-local-address-configured',
  'dynamic-neighbor',
  'reset-reason',
  'messages-received',
  'messages-sent',
  'messages-queued-out',
  'update-messages-in',
  'update-messages-out',
  'hold-time',
  'keep-alive-time',
  'configured-hold-time',
  'configured-keepalive',
  'suppress4-byte-as',
  'local-as-no-prepend',
  'af-data',
]
  .map((leaf) => `<${leaf}/>`)
  .join('');

const vrf =
  '<global-process-info><vrf><router-id/><hold-time/><keep-alive-time/></vrf></global-process-info>' +
  `<neighbors><neighbor>${neighbor}</neighbor></neighbors>`;

/** The subtree filter of each request, for `<get>`. */
export const filters: Readonly<Record<string, string>> = {
  [requests.bgp]:
    `<bgp ${model('ipv4-bgp-oper')}><instances><instance><instance-name/><instance-active>` +
    `<default-vrf>${vrf}</default-vrf><vrfs><vrf><vrf-name/>${vrf}</vrf></vrfs>` +
    '</instance-active></instance></instances></bgp>',
  [requests.facts]:
    `<system-time ${model('shellutil-oper')}><uptime/></system-time>` +
    `<interfaces ${model('pfi-im-cmd-oper')}><interfaces><interface><interface-name/></interface></interfaces></interfaces>` +
    `<inventory ${model('invmgr-oper')}><entities><entity><name>Rack 0</name>` +
    '<attributes><inv-basic-bag/></attributes></entity></entities></inventory>',
  [requests.addresses]:
    `<ipv4-network ${model('ipv4-io-oper')}><nodes><node><interface-data><vrfs><vrf><details/></vrf></vrfs></interface-data></node></nodes></ipv4-network>` +
    `<ipv6-network ${model('ipv6-ma-oper')}><nodes><node><interface-data><vrfs><vrf><global-details/></vrf></vrfs></interface-data></node></nodes></ipv6-network>`,
};
