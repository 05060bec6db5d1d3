import { fileURLToPath } from 'node:url';
import { type Device, defaultPolicy, type Inventory } from '../core/inventory/schema.ts';
import { renderAll } from '../core/render/render.ts';

const templates = fileURLToPath(new URL('../templates', import.meta.url)).replace(/\/dist\/templates$/, '/templates');

/** A leaf as those of the lab, with so many uplinks. */
const leaf = (number: number, uplinks: number): Device => {
  const octets = `${number >> 8}.${number & 255}`;
  const links = Array.from({ length: uplinks }, (_, at) => ({
    interface: `eth${at + 1}`,
    ipv4: `10.${at}.${octets}/31`,
    ipv6: `fd00:${at}:${number.toString(16)}::1/127`,
    peer: {
      name: `spine${at + 1}`,
      interface: `eth${number}`,
      asn: 65000,
      ipv4: `10.${at + 128}.${octets}`,
      ipv6: `fd00:${at}:${number.toString(16)}::`,
    },
  }));
  return {
    name: `leaf${number}`,
    host: `192.0.2.${number & 255}`,
    platform: 'frr',
    transport: undefined,
    port: undefined,
    credentials: undefined,
    role: 'leaf',
    groups: ['leaves'],
    policy: defaultPolicy,
    options: {},
    vars: {
      frr_version: '8.4.4',
      bgp_timers: { keepalive: 1, hold: 3 },
      bgp_password: 'bench',
      max_prefixes: 100,
      asn: 4_200_000_000 + number,
      router_id: `10.255.${octets}`,
      loopback: { ipv4: `10.255.${octets}/32`, ipv6: `fd00:255::${number.toString(16)}/128` },
      networks: { ipv4: [`172.16.${number & 255}.0/24`], ipv6: [`fd00:1000:${number.toString(16)}::/64`] },
      links,
    },
  };
};

/** Time of rendering 1,000 devices from the templates of this repository. */
export const renderFigures = function* (): Generator<Record<string, string | number>> {
  const devices = Array.from({ length: 1_000 }, (_, at) => leaf(at + 1, 4));
  const inventory: Inventory = {
    site: 'dc1',
    lab: true,
    path: 'inventory.yml',
    devices: new Map(devices.map((device) => [device.name, device])),
  };
  const times: number[] = [];
  let bytes = 0;
  for (let run = 0; run < 5; run++) {
    const startedMs = performance.now();
    const rendered = renderAll(inventory, templates);
    times.push(performance.now() - startedMs);
    bytes = 0;
    for (const one of rendered) {
      if ('problem' in one) throw one.problem;
      bytes += one.text.length;
    }
  }
  const rounded = (ms: number | undefined) => Math.round((ms ?? 0) * 10) / 10;
  yield {
    bench: 'render',
    devices: devices.length,
    firstMs: rounded(times[0]),
    medianMs: rounded(times.toSorted((a, b) => a - b)[2]),
    bytes,
  };
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const figure of renderFigures()) process.stdout.write(`${JSON.stringify(figure)}\n`);
}
