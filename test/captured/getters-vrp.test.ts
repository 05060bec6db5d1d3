import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsers } from '../parsers.ts';
import { captured } from './folder.ts';

const root = new URL('ntc/', captured);
const inputs = (answers: Record<string, string>) => ({ get: (request: string) => answers[request] });

/** Captures of a command, each with what ntc-templates' authors read from it. */
const captures = (platform: string, command: string) =>
  readdirSync(new URL(`${platform}/${command}/`, root)).map((name) => {
    const read = (file: string) => readFileSync(new URL(`${platform}/${command}/${name}/${file}`, root), 'utf8');
    return { name, text: read('output.raw'), rows: JSON.parse(read('expected.json')) as Record<string, never>[] };
  });

const isPort = ({ interface: name }: { interface?: string }) => name !== undefined;

describe('captures of real devices', () => {
  it.each(captures('huawei_vrp', 'display_version'))('$name tells model, release and uptime', ({ text, rows }) => {
    const facts = parsers.huawei_vrp.getters.facts.parse(inputs({ 'display version': text }));
    expect(facts.model?.toLowerCase()).toBe(String(rows[0]?.model).toLowerCase());
    expect(facts.os_version).toContain(String(rows[0]?.vrp_version));
    expect(facts.os_version).toContain(String(rows[0]?.product_version));
    expect(facts.uptime).toBeGreaterThan(100);
  });

  it.each(captures('huawei_vrp', 'display_interface_brief'))('$name lists every interface', ({ text, rows }) => {
    const facts = parsers.huawei_vrp.getters.facts.parse(inputs({ 'display interface brief': text }));
    const wanted = rows.filter(isPort).map(({ interface: name }) => String(name).replace(/\(.*/, ''));
    expect(facts.interface_list).toEqual(wanted);
  });

  it.each(captures('hp_comware', 'display_interface_brief'))('$name lists every interface', ({ text }) => {
    const facts = parsers.hp_comware.getters.facts.parse(inputs({ 'display interface brief': text }));
    const words = text.split('\n').map((line) => line.split(/\s/)[0] ?? '');
    const wanted = words.filter((word) => /^(?:[A-Z][\w-]*\d[\d/.:]*)$/.test(word));
    expect(facts.interface_list).toEqual(wanted);
    expect(wanted.length).toBeGreaterThan(3);
  });

  it.each(captures('huawei_vrp', 'display_bgp_peer'))('$name tells its sessions', ({ text, rows }) => {
    const { peers = {} } = parsers.huawei_vrp.getters.bgp.parse(inputs({ 'display bgp peer': text })).global ?? {};
    expect(Object.keys(peers).length).toBe(rows.length);
    for (const row of rows) {
      expect(peers[String(row.peer)]).toMatchObject({
        state: row.state,
        messages_sent: Number(row.msg_sent),
        address_family: { ipv4: { received_prefixes: row.state === 'Established' ? Number(row.pref_rcvd) : null } },
      });
    }
  });

  it.each(captures('hp_comware', 'display_bgp_peer_ipv4'))('$name tells its sessions', ({ text, rows }) => {
    const bgp = parsers.hp_comware.getters.bgp.parse(inputs({ 'display bgp peer ipv4': text }));
    for (const row of rows) {
      expect(bgp.global?.peers[String(row.peer)]).toMatchObject({
        remote_as: Number(row.remote_asn),
        messages_received: Number(row.messages_received),
        state: row.state,
        address_family: {
          ipv4: { received_prefixes: row.state === 'Established' ? Number(row.prefixes_received) : null },
        },
      });
    }
    expect(Object.keys(bgp.global?.peers ?? {})).toHaveLength(rows.length);
  });

  it.each(captures('hp_comware', 'display_ip_interface'))(
    '$name tells its addresses, secondary ones too',
    (capture) => {
      const found = parsers.hp_comware.getters['interfaces-ip'].parse(inputs({ 'display ip interface': capture.text }));
      const wanted = capture.rows.flatMap(({ interface: name, ip_address }) =>
        ((ip_address as string[] | undefined) ?? []).map((address) => `${name} ${address}`),
      );
      const ours = Object.entries(found).flatMap(([name, { ipv4 = {} }]) =>
        Object.entries(ipv4).map(([address, { prefix_length }]) => `${name} ${address}/${prefix_length}`),
      );
      expect(ours.sort()).toEqual(wanted.sort());
    },
  );
});
