import { lines, lingers, plain, type Row } from './row.ts';

/** What there may be of sessions. */
export const sessions: Row[] = [
  {
    option: 'PerSourceMaxStartups',
    server: lines('PerSourceMaxStartups 1'),
    prepare: lingers,
    code: 'unreachable',
    message: /it says "Exceeded MaxStartups"$/,
    hint: /it is tried again when some are done/,
    mended: 'wait',
  },
  {
    option: 'PermitTTY no',
    want: 'terminal',
    server: lines('PermitTTY no'),
    code: 'closed',
    message: /the server gives no terminal, which a command line needs/,
    hint: /`PermitTTY no`/,
    mended: { server: lines('PermitTTY yes') },
  },
  {
    option: 'Subsystem netconf',
    want: 'netconf',
    server: plain,
    code: 'closed',
    message: /the server has no subsystem "netconf"/,
    hint: /is NETCONF switched on there, and is that its port/,
    mended: { server: { subsystem: () => 'netconf /bin/cat' } },
  },
];
