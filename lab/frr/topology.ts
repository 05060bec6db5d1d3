// The network of the lab as data: one spine, two leaves, and a bridge over which the runner reaches them.

export const routerNames = ['spine1', 'leaf1', 'leaf2'] as const;
export type RouterName = (typeof routerNames)[number];

/** One FRR router in a network namespace. */
export type LabRouter = {
  name: RouterName;
  /** Management address: what `host` is in an inventory. */
  host: string;
  /** Network namespace and path space (`vtysh -N`), both named alike. */
  namespace: string;
  pathspace: string;
  /** Its end of the management link in the root namespace. */
  tap: string;
};

/** Both ends of a link between two routers. */
type Link = readonly [RouterName, string, RouterName, string];

export const links: readonly Link[] = [
  ['spine1', 'eth1', 'leaf1', 'eth1'],
  ['spine1', 'eth2', 'leaf2', 'eth1'],
];

const hostPart = { spine1: 11, leaf1: 21, leaf2: 22 } as const satisfies Record<RouterName, number>;

/** How many labs may run at once; a lab's number picks its names and its subnet. */
export const labCount = 100;

/** Everything that lab `number` is called. */
export const topology = (number: number) => {
  const prefix = `plumb${number}`;
  const network = `172.31.${255 - number}`;
  return {
    number,
    bridge: prefix,
    gateway: `${network}.1`,
    routers: routerNames.map(
      (name): LabRouter => ({
        name,
        host: `${network}.${hostPart[name]}`,
        namespace: `${prefix}-${name}`,
        pathspace: `${prefix}-${name}`,
        tap: `${prefix}-${name}`,
      }),
    ),
  };
};
export type Topology = ReturnType<typeof topology>;

/**
 * What a router boots with, so that the first deployment has something to do. The management address is the system's,
 * as on a server: it is no part of what FRR configures.
 */
export const bootConfig = (router: LabRouter): string => `frr defaults traditional
hostname ${router.name}
service integrated-vtysh-config
!
`;
