import { lines, lingers, plain, type Row } from './row.ts';

/** What there may be of sessions. */
export const sessions: Row[] = [
  {
    option: 'PerSourceMaxStartups',
    server: lines('PerSourceMaxStartups 1'),
    prepare: lingers,
    code: 'unreachable',
    message: /it says "Exceeded MaxStartups"$/,
    hint: /Plumbline tries again later/,
    mended: 'wait',
  },
  {
    option: 'PermitTTY no',
    want: 'terminal',
    server: lines('PermitTTY no'),
    code: 'closed',
    message: /the server refuses a terminal, which a command line needs/,
    hint: /`PermitTTY no`/,
    mended: { server: lines('PermitTTY yes') },
  },
  {
    option: 'Subsystem netconf',
    want: 'netconf',
    server: plain,
    code: 'closed',
    message: /the server has no subsystem "netconf"/,
    hint: /is NETCONF enabled there, and is the port right/,
    mended: { server: { subsystem: () => 'netconf /bin/cat' } },
  },
];
