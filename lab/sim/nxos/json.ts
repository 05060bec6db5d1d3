import type { CiscoCli } from '../cisco/cisco.ts';
import type { Device } from '../device.ts';
import type { NxosParts } from './box.ts';
import { moreForms } from './show/more-json.ts';
import { summaryJson } from './show/show-bgp.ts';
import { neighborsJson } from './show/show-neighbors-json.ts';
import { hostname } from './text.ts';

/** How long the kernel has been up. */
export const uptime = (device: Device) => {
  const seconds = Math.floor(device.uptime);
  return {
    days: Math.floor(seconds / 86_400),
    hours: Math.floor(seconds / 3600) % 24,
    mins: Math.floor(seconds / 60) % 60,
    secs: seconds % 60,
  };
};

const versionJson = (device: Device, number: string): object => {
  const { days, hours, mins, secs } = uptime(device);
  return {
    header_str: 'Cisco Nexus Operating System (NX-OS) Software\n',
    nxos_ver_str: number,
    sys_ver_str: number,
    kickstart_ver_str: number,
    chassis_id: 'Nexus9000 9000v Chassis',
    host_name: hostname(device.running),
    proc_board_id: '9SIMULATED1',
    kern_uptm_days: days,
    kern_uptm_hrs: hours,
    kern_uptm_mins: mins,
    kern_uptm_secs: secs,
    manufacturer: 'Cisco Systems, Inc.',
  };
};

const inventory = (device: Device): object => ({
  TABLE_inv: {
    ROW_inv: [
      {
        name: 'Chassis',
        desc: 'Nexus9000 9000v Chassis',
        productid: 'N9K-9000v',
        vendorid: 'V02',
        serialnum: '9SIMULATED1',
      },
      {
        name: 'Slot 1',
        desc: hostname(device.running),
        productid: 'N9K-9000v',
        vendorid: 'V02',
        serialnum: '9SIMULATED2',
      },
    ],
  },
});

const interfaces = (device: Device): object => ({
  TABLE_interface: {
    ROW_interface: device.interfaces().map(({ name, description, enabled, up, mtu, ipv4 }) => ({
      interface: name,
      state: up ? 'up' : 'down',
      admin_state: enabled ? 'up' : 'down',
      eth_mtu: String(mtu),
      eth_bw: 1_000_000,
      eth_hw_desc: '100/1000/10000 Ethernet',
      eth_hw_addr: '5254.0000.0001',
      eth_duplex: 'full',
      eth_speed: '1000 Mb/s',
      eth_mode: 'routed',
      ...(description === '' ? {} : { desc: description }),
      ...(ipv4[0] === undefined
        ? {}
        : { eth_ip_addr: ipv4[0].split('/')[0], eth_ip_mask: Number(ipv4[0].split('/')[1]) }),
    })),
  },
});

/** The domain that the configuration names. */
export const domain = ({ device }: CiscoCli): string | undefined =>
  device.running.children.map(({ text }) => /^ip domain-name (\S+)$/.exec(text)?.[1]).find(Boolean);

/** The host name with its domain. */
export const fqdn = (cli: CiscoCli): string => [hostname(cli.device.running), domain(cli)].filter(Boolean).join('.');

/** The show commands that have a JSON form. */
export const jsonForms = (parts: NxosParts): ReadonlyMap<RegExp, (cli: CiscoCli) => object> =>
  new Map<RegExp, (cli: CiscoCli) => object>([
    ...moreForms.map(([pattern, form]): [RegExp, (cli: CiscoCli) => object] => [pattern, ({ device }) => form(device)]),
    [/^show version$/, ({ device }) => versionJson(device, parts.version)],
    [/^show hostname$/, (cli) => ({ hostname: fqdn(cli) })],
    [/^show inventory$/, ({ device }) => inventory(device)],
    [/^show interface$/, ({ device }) => interfaces(device)],
    [/^show bgp all summary vrf all$|^show bgp vrf all all summary$/, ({ device }) => summaryJson(device, parts.bgp)],
    [/^show bgp (?:vrf all all neighbors|all neighbors vrf all)$/, ({ device }) => neighborsJson(device, parts.bgp)],
  ]);
