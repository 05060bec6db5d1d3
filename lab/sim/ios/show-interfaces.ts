import type { CiscoAction } from '../cisco/cisco.ts';

/** `show ip interface brief`. */
export const brief: CiscoAction = ({ device }) => {
  const rows = device.interfaces().map(({ name, ipv4, enabled, up }) => {
    const status = enabled ? 'up' : 'administratively down';
    return `${name.padEnd(22)} ${(ipv4[0]?.split('/')[0] ?? 'unassigned').padEnd(15)} YES NVRAM  ${status.padEnd(21)} ${up ? 'up' : 'down'}\n`;
  });
  return `Interface              IP-Address      OK? Method Status                Protocol\n${rows.join('')}`;
};

/** `show interfaces [NAME]`. */
export const interfaces: CiscoAction = (cli, [wanted]) => {
  const { device } = cli;
  const shown = device
    .interfaces()
    .filter(({ name }) => wanted === undefined || name.toLowerCase() === wanted.toLowerCase())
    .map(
      ({
        name,
        description,
        ipv4,
        enabled,
        up,
        mtu,
      }) => `${name} is ${enabled ? 'up' : 'administratively down'}, line protocol is ${up ? 'up' : 'down'}
  Hardware is CSR vNIC, address is 5254.0000.0001 (bia 5254.0000.0001)
${description === '' ? '' : `  Description: ${description}\n`}${ipv4.map((address) => `  Internet address is ${address}\n`).join('')}  MTU ${mtu} bytes, BW 1000000 Kbit/sec, DLY 10 usec,
     reliability 255/255, txload 1/255, rxload 1/255
  Encapsulation ARPA, loopback not set
  Keepalive set (10 sec)
  Full Duplex, 1000Mbps, link type is auto, media type is Virtual
  Last input 00:00:00, output 00:00:01, output hang never
  Last clearing of "show interface" counters never
  5 minute input rate 0 bits/sec, 0 packets/sec
  5 minute output rate 0 bits/sec, 0 packets/sec
     ${Math.floor(device.uptime * 2)} packets input, ${Math.floor(device.uptime * 240)} bytes, 0 no buffer
     Received 0 broadcasts (0 IP multicasts)
     0 runts, 0 giants, 0 throttles
     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored
     ${Math.floor(device.uptime * 2)} packets output, ${Math.floor(device.uptime * 220)} bytes, 0 underruns
     0 output errors, 0 collisions, 0 interface resets
`,
    )
    .join('');
  return shown === '' && wanted !== undefined
    ? cli.complaint('invalid', `show interfaces ${wanted}`, 'show interfaces '.length)
    : shown;
};

/** `show ipv6 interface`. */
export const ipv6Interfaces: CiscoAction = ({ device }) =>
  device
    .interfaces()
    .filter(({ ipv6 }) => ipv6.length > 0)
    .map(({ name, ipv6, enabled, up }) => {
      const lines = ipv6.map((each) => {
        const [address, length] = each.split('/');
        return `    ${address}, subnet is ${address}/${length} \n`;
      });
      return `${name} is ${enabled ? 'up' : 'administratively down'}, line protocol is ${up ? 'up' : 'down'}\n  IPv6 is enabled, link-local address is FE80::5054:FF:FE00:1 \n  Global unicast address(es):\n${lines.join('')}  MTU is 1500 bytes\n`;
    })
    .join('');

/** `show ip interface`. */
export const ipInterfaces: CiscoAction = ({ device }) =>
  device
    .interfaces()
    .map(
      ({ name, enabled, up, ipv4 }) =>
        `${name} is ${enabled ? 'up' : 'administratively down'}, line protocol is ${up ? 'up' : 'down'}\n${ipv4.length === 0 ? '  Internet protocol processing disabled\n' : ipv4.map((address, at) => (at === 0 ? `  Internet address is ${address}\n  Broadcast address is 255.255.255.255\n` : `  Secondary address ${address}\n`)).join('')}`,
    )
    .join('');
