import { child, value } from '../../config/tree.ts';
import type { Device } from '../../device.ts';
import { vlansOf, vrfNames } from './show-more.ts';

const counted = (name: string, seconds: number): object => {
  const kind = /^mgmt/.test(name) ? 'mgmt' : 'eth';
  const [inBytes, outBytes, packets] = [String(seconds * 240), String(seconds * 220), String(seconds * 2)];
  if (kind === 'mgmt')
    return {
      interface: name,
      mgmt_in_bytes: inBytes,
      mgmt_out_bytes: outBytes,
      mgmt_in_mcast: '0',
      mgmt_out_mcast: '0',
    };
  const zero = Object.fromEntries(['inmcast', 'inbcast', 'outmcast', 'outbcast'].map((key) => [`eth_${key}`, '0']));
  return {
    interface: name,
    eth_inbytes: inBytes,
    eth_outbytes: outBytes,
    eth_inucast: packets,
    eth_outucast: packets,
    ...zero,
  };
};

/** The JSON forms of what show-more.ts prints. */
export const moreForms: readonly [RegExp, (device: Device) => object][] = [
  [
    /^show vrf detail$/,
    (device) => ({
      TABLE_vrf: {
        ROW_vrf: vrfNames(device).map((name, at) => ({
          vrf_name: name,
          vrf_id: at + 1,
          vrf_state: 'Up',
          rd: value(child(device.running, `vrf context ${name}`), 'rd') ?? '0:0',
        })),
      },
    }),
  ],
  [
    /^show vrf interface$/,
    (device) => ({
      TABLE_if: {
        ROW_if: device.interfaces().map(({ name, vrf }) => ({
          if_name: name,
          vrf_name: vrf,
          vrf_id: vrfNames(device).indexOf(vrf) + 1,
          soo: '--',
        })),
      },
    }),
  ],
  [
    /^show vlan brief$/,
    (device) => ({
      TABLE_vlanbriefxbrief: {
        ROW_vlanbriefxbrief: vlansOf(device).map(({ id, name, ports }) => ({
          'vlanshowbr-vlanid': id,
          'vlanshowbr-vlanid-utf': id,
          'vlanshowbr-vlanname': name,
          'vlanshowbr-vlanstate': 'active',
          'vlanshowbr-shutstate': 'noshutdown',
          ...(ports.length === 0 ? {} : { 'vlanshowplist-ifidx': ports.join(',') }),
        })),
      },
    }),
  ],
  [
    /^show interface counters detailed$/,
    (device) => ({
      TABLE_interface: {
        ROW_interface: device.interfaces().map(({ name }) => counted(name, Math.floor(device.uptime))),
      },
    }),
  ],
  [
    /^show system resources$/,
    () => ({
      load_avg_1min: '0.10',
      cpu_state_user: '2.00',
      cpu_state_kernel: '1.00',
      cpu_state_idle: '97.00',
      memory_usage_total: 8_035_500,
      memory_usage_used: 4_798_280,
      memory_usage_free: 3_237_220,
      current_memory_status: 'OK',
    }),
  ],
  [
    /^show processes cpu$/,
    () => ({ fivesec_percent: '3', fivesec_intr_percent: '1', onemin_percent: '3', fivemin_percent: '3' }),
  ],
  [
    /^show module$/,
    () => ({
      TABLE_modinfo: {
        ROW_modinfo: {
          modinf: '1',
          ports: '64',
          modtype: 'Nexus 9000v Ethernet Module',
          model: 'N9K-9000v',
          status: 'active *',
        },
      },
    }),
  ],
  [
    /^show environment fan$/,
    () => ({
      fandetails: {
        TABLE_faninfo: {
          ROW_faninfo: [
            {
              fanname: 'Fan1(sys_fan1)',
              fanmodel: 'N9K-9000v',
              fanhwver: '--',
              fandir: 'front-to-back',
              fanstatus: 'Ok',
            },
          ],
        },
      },
    }),
  ],
  [
    /^show environment power$/,
    () => ({
      powersup: {
        voltage_level: 12,
        TABLE_psinfo: {
          ROW_psinfo: [
            {
              psnum: '1',
              psmodel: 'N9K-PAC-650W',
              actual_out: '90 W',
              actual_input: '100 W',
              tot_capa: '650 W',
              ps_status: 'Ok',
            },
          ],
        },
      },
    }),
  ],
  [
    /^show lldp neighbors$/,
    (device) => {
      const heard = device.neighbors('lldp') ?? [];
      const rows = heard.map((one) => ({
        chassis_id: one.system,
        l_port_id: one.interface.name.replace('Ethernet', 'Eth'),
        hold_time: '120',
        capability: 'R',
        port_id: one.port,
        mgmt_addr: one.address,
      }));
      return rows.length === 0
        ? { neigh_hdr: 'neigh_hdr' }
        : { TABLE_nbor: { ROW_nbor: rows }, neigh_count: String(rows.length) };
    },
  ],
  [/^show cdp neighbors detail$/, () => ({ TABLE_cdp_neighbor_detail_info: { ROW_cdp_neighbor_detail_info: [] } })],
  [
    /^show ipv6 interface vrf all$/,
    (device) => ({
      TABLE_intf: device
        .interfaces()
        .filter(({ ipv6 }) => ipv6.length > 0)
        .map(({ name, ipv6 }) => ({
          ROW_intf: { 'intf-name': name, addr: ipv6[0]?.split('/')[0], prefix: ipv6[0] },
        })),
    }),
  ],
];
