import { PlumbError } from '../../core/errors.ts';
import { sh } from './shell.ts';
import { type LabRouter, links, type Topology } from './topology.ts';

// Namespaces, links and processes. Every name is built from the lab's number, so nothing else is ever touched.

const linkCommands = (lab: Topology): string[] => [
  `link add ${lab.bridge} type bridge`,
  `addr add ${lab.gateway}/24 dev ${lab.bridge}`,
  `link set ${lab.bridge} up`,
  ...lab.routers.flatMap(({ namespace, tap }) => [
    `link add ${tap} type veth peer name eth0 netns ${namespace}`,
    `link set ${tap} master ${lab.bridge}`,
    `link set ${tap} up`,
  ]),
  ...links.map(([from, fromPort, to, toPort]) => {
    const namespace = (name: string) => lab.routers.find((router) => router.name === name)?.namespace ?? '';
    return `link add ${fromPort} netns ${namespace(from)} type veth peer name ${toPort} netns ${namespace(to)}`;
  }),
];

const portCommands = (router: LabRouter): string[] => [
  'link set lo up',
  `addr add ${router.host}/24 dev eth0`,
  'link set eth0 up',
  ...links.flatMap(([from, fromPort, to, toPort]) => {
    if (from === router.name) return [`link set ${fromPort} up`];
    return to === router.name ? [`link set ${toPort} up`] : [];
  }),
];

const heredoc = (lines: readonly string[]) => `<<'END'\n${lines.join('\n')}\nEND\n`;

/** Makes the namespaces, the bridge and the links. */
export const buildNetwork = async (lab: Topology): Promise<void> => {
  const script = [
    'set -e',
    ...lab.routers.map(({ namespace }) => `ip netns add ${namespace}`),
    `ip -batch - ${heredoc(linkCommands(lab))}`,
    ...lab.routers.map((router) => `ip -n ${router.namespace} -batch - ${heredoc(portCommands(router))}`),
  ].join('\n');
  const { code, output } = await sh(script);
  if (code !== 0) throw new PlumbError('unsupported', `lab ${lab.number}: cannot build its network: ${output.trim()}`);
};

// A host name of its own for everything that runs on the router: FRR takes the system's name, whatever is configured.
const startScript = `
set -e
ns=$1 name=$2 ps=$3 sshd=$4 daemons=$5
exec ip netns exec "$ns" unshare --uts sh -ec '
hostname "$1"
sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
for daemon in zebra staticd bgpd $4; do /usr/lib/frr/$daemon -d -N "$2" -A 127.0.0.1; done
vtysh -N "$2" -b >/dev/null
/usr/sbin/sshd -f "$3"
' sh "$name" "$ps" "$sshd" "$daemons"
`;

/** Starts the routing daemons and the sshd of one router. @param daemons besides zebra, staticd and bgpd */
export const startRouter = async (
  router: LabRouter,
  sshdConfig: string,
  daemons: readonly string[] = [],
): Promise<void> => {
  const { namespace, name, pathspace } = router;
  const { code, output } = await sh(startScript, [namespace, name, pathspace, sshdConfig, daemons.join(' ')]);
  if (code !== 0) throw new PlumbError('unsupported', `${name}: cannot start its daemons: ${output.trim()}`);
};

const stopScript = `
for ns in $2; do
  for round in $(seq 200); do # one that was killed dies once it has its turn
    pids=$(ip netns pids "$ns" 2>/dev/null) && [ -n "$pids" ] || break
    kill -9 $pids 2>/dev/null
    sleep 0.05
  done
  ip netns del "$ns" 2>/dev/null
  ip link del "$ns" 2>/dev/null
  rm -rf "/etc/frr/$ns" "/var/run/frr/$ns" "/run/plumbline/$ns" "/var/lib/plumbline/$ns"
done
ip link del "$1" 2>/dev/null
rmdir /run/plumbline /var/lib/plumbline 2>/dev/null
exit 0
`;

/** Kills what runs in the lab's namespaces and removes them, its links, and its folders. Nothing there is fine. */
export const tearDown = async (lab: Topology): Promise<void> => {
  await sh(stopScript, [lab.bridge, lab.routers.map(({ namespace }) => namespace).join(' ')]);
};
