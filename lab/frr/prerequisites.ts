import { access } from 'node:fs/promises';
import { PlumbError } from '../../core/errors.ts';
import { sh } from './shell.ts';

const needed = {
  '/usr/lib/frr/zebra': 'frr',
  '/usr/lib/frr/bgpd': 'frr',
  '/usr/lib/frr/staticd': 'frr',
  '/usr/bin/vtysh': 'frr',
  '/usr/lib/frr/frr-reload.py': 'frr-pythontools',
  '/usr/sbin/sshd': 'openssh-server',
} as const;

const missingPackages = async (): Promise<string[]> => {
  const missing = new Set<string>();
  for (const [path, name] of Object.entries(needed)) await access(path).catch(() => missing.add(name));
  const tools = await sh('command -v ip >/dev/null || echo iproute2; command -v unshare >/dev/null || echo util-linux');
  for (const name of tools.output.split('\n').filter(Boolean)) missing.add(name);
  return [...missing];
};

/** Why the lab cannot run on this machine; undefined where it can. */
export const labProblem = async (): Promise<PlumbError | undefined> => {
  if (process.platform !== 'linux') {
    return new PlumbError('unsupported', `the lab needs Linux, this is ${process.platform}`, {
      hint: 'run it in a Linux virtual machine or container',
    });
  }
  const missing = await missingPackages();
  if (missing.length > 0) {
    return new PlumbError('unsupported', `the lab needs packages that are not installed: ${missing.join(' ')}`, {
      hint: `apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`,
    });
  }
  if (process.getuid?.() !== 0) {
    return new PlumbError('unsupported', 'the lab needs root to create network namespaces', {
      hint: 'run the same command with sudo',
    });
  }
  const probe = `plumb-probe-${process.pid}`;
  const tried = await sh('set -e; ip netns add "$1"; ip netns exec "$1" true; ip netns del "$1"', [probe]);
  if (tried.code !== 0) {
    await sh('ip netns del "$1" 2>/dev/null', [probe]);
    return new PlumbError('unsupported', `network namespaces are not permitted here: ${tried.output.trim()}`, {
      hint: 'a container needs --privileged, or CAP_SYS_ADMIN and CAP_NET_ADMIN',
    });
  }
  return undefined;
};
