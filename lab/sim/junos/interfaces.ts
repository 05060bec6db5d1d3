import type { Interface } from '../config/interfaces.ts';
import { child, children, type Node, value } from '../config/tree.ts';

/** The logical interfaces of a configuration, each in the instance that names it. */
export const junosInterfaces = (root: Node): Interface[] => {
  const vrfOf = (name: string) =>
    child(root, 'routing-instances')?.children.find((one) => child(one, `interface ${name}`))?.text ?? 'master';
  return (child(root, 'interfaces')?.children ?? []).flatMap((port) =>
    children(port, /^unit (\d+)$/).map(([unit, [, number]]) => {
      const name = `${port.text}.${number}`;
      const enabled = !child(port, 'disable') && !child(unit, 'disable');
      const addresses = (family: string) =>
        children(child(unit, `family ${family}`), /^address (\S+)/).map(([, match]) => match[1] ?? '');
      return {
        name,
        description: (value(unit, 'description') ?? value(port, 'description') ?? '').replace(/^"|"$/g, ''),
        up: enabled,
        enabled,
        ipv4: addresses('inet'),
        ipv6: addresses('inet6'),
        vrf: vrfOf(name),
        mtu: Number(value(port, 'mtu') ?? 1514),
      };
    }),
  );
};
