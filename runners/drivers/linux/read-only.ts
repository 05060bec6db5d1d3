import type { ReadOnly } from '../../session/read-only.ts';

const options = (letters: string) => `(?: -[${letters}]+)*`;

/** Programs of a Linux server that only read, whatever their arguments; and those of which some uses do. */
export const linuxReadOnly: ReadOnly = {
  commands: [
    ...['cat', 'head', 'tail', 'ls', 'stat', 'readlink', 'wc', 'grep', 'egrep', 'fgrep', 'sha256sum', 'md5sum'],
    ...['df', 'du', 'free', 'uptime', 'uname', 'nproc', 'lscpu', 'lsblk', 'lsmod', 'lspci', 'ps', 'pgrep'],
    ...['id', 'whoami', 'who', 'w', 'groups', 'getent', 'ping', 'ping6', 'traceroute', 'tracepath', 'dig', 'host'],
    ...['status', 'show', 'cat', 'is-active', 'is-enabled', 'is-failed', 'list-units', 'list-timers'].map(
      (verb) => `systemctl ${verb}`,
    ),
    { like: 'date', pattern: /^date(?: -u)?(?: \+\S+)?$/ },
    { like: 'hostname', pattern: /^hostname(?: -[fsdiIA])?$/ },
    { like: 'dmesg', pattern: new RegExp(`^dmesg${options('HTkLxe')}$`) },
    { like: 'ss', pattern: new RegExp(`^ss${options('0-9a-jl-zA-CE-JL-Z')}$`) },
    {
      like: 'ip OBJECT show',
      pattern:
        /^ip(?: -(?:4|6|s|d|o|j|br|brief|json|details|stats|oneline))* (?:addr|address|link|route|rule|neigh|neighbour|nexthop|maddr|mroute|tunnel|vrf|netns)(?: (?:show|list|get)(?: [\w./:@-]+)*)?$/,
    },
    { like: 'journalctl -u UNIT', pattern: /^journalctl(?: (?:-u [\w.@-]+|-n \d+|-p \w+|-[bkr]|--no-pager))*$/ },
    {
      like: 'curl URL',
      pattern:
        /^curl(?: (?:-[fsSILk46]+|--fail|--silent|--head|(?:-m|--max-time) \d+))* ['"]?https?:\/\/[^\s'"]+['"]?$/,
    },
    { like: "vtysh -c 'show …'", pattern: /^vtysh(?: -N [\w.-]+)?(?: -c (?:'show [^'|]*'|"show [^"|]*"))+$/ },
    { like: 'birdc show', pattern: /^birdc?(?: -s [\w./-]+)? ['"]?show [^'";]*['"]?$/ },
  ],
  filters: ['grep', 'egrep', 'fgrep', 'head', 'tail', 'wc', 'cut', 'tr'],
  bar: 'shell',
};
