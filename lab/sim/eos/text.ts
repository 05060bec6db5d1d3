import { layOut } from '../config/render.ts';
import { child, type Node, value } from '../config/tree.ts';
import type { Device } from '../device.ts';

/** What kind of switch it is. */
export type Model = { model: string; version: string; internal: string; serial: string; mac: string; image: string };

/** Reads model and version from the header of a configuration, else a recent vEOS. */
export const modelOf = (config: string): Model => {
  const [, model = 'vEOS-lab', version = '4.32.2F'] = /^! device: \S+ \(([^,]+), EOS-([^)]+)\)/m.exec(config) ?? [];
  const [, image = 'flash:/vEOS-lab.swi'] = /^! boot system (\S+)/m.exec(config) ?? [];
  return {
    model,
    version,
    internal: `${version}-38195967.${version.replaceAll('.', '')}`,
    serial: 'SIM0000000001',
    mac: '0c:00:00:aa:bb:01',
    image,
  };
};

/** The host name that a configuration sets, or what the platform calls itself without one. */
export const hostname = (tree: Node): string => value(tree, 'hostname') ?? 'localhost';

const routedPort = (tree: Node): boolean => child(tree, 'switchport default mode routed') !== undefined;

/** A configuration from `! device:` on, as sessions are compared. */
export const configText = (tree: Node, model: Model, name = hostname(tree)): string => {
  const shown = routedPort(tree)
    ? {
        ...tree,
        children: tree.children.map((node) =>
          /^interface Ethernet/.test(node.text) && node.children.length === 0
            ? { ...node, children: [{ text: 'no switchport', children: [] }] }
            : node,
        ),
      }
    : tree;
  const lines = layOut({ indent: 3, separator: '!', innerSeparator: '!' }, shown);
  return [
    `! device: ${name} (${model.model}, EOS-${model.version})`,
    '!',
    `! boot system ${model.image}`,
    '!',
    ...lines,
    '!',
    'end',
    '',
  ].join('\n');
};

const secret =
  /((?:secret|password|key|community|auth|priv)(?: (?:sha512|\d|7|5|0|8a?|md5|sha|aes))? )(?!sha512$)(\S+)/;

/** `show running-config sanitized`: no secrets. */
export const sanitized = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.replace(secret, '$1<removed>'))
    .join('\n');

/** `show running-config` and `show startup-config`. */
export const runningText = (device: Device, model: Model): string =>
  `! Command: show running-config\n${configText(device.running, model)}`;
