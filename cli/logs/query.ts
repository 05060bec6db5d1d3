import type { LogRole } from '../../core/bus.ts';
import { defined } from '../../core/defined.ts';
import { PlumbError } from '../../core/errors.ts';
import type { Wanted as WantedLines } from '../../core/logs/hear-log.ts';
import type { Context } from '../context.ts';
import { pickDevices, type Wanted } from '../inventory/devices.ts';
import type { Format } from '../output/output.ts';
import { type Level, levels } from './log-line.ts';

/** The options of `plumb logs`. */
export type LogsOptions = Wanted & {
  role?: LogRole;
  runner?: string;
  level?: Level;
  tail?: string;
  since?: string;
  follow: boolean;
  output: Format;
};

/** How many earlier lines, by default. */
export const usualTail = 50;
const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @returns RFC 3339 */
const sinceOf = (text: string): string => {
  const [, number = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const at = unit
    ? Date.now() - Number(number) * (unitMs[unit] ?? 0)
    : /^\d{4}-\d\d-\d\d/.test(text)
      ? Date.parse(text)
      : NaN;
  if (Number.isFinite(at)) return new Date(at).toISOString();
  throw new PlumbError('invalid_request', `--since ${text}: neither a time span (90s, 10m, 2h, 1d) nor a time`, {
    hint: 'write a time like 2026-01-31T03:00:00Z',
  });
};

const tailOf = ({ tail, since }: LogsOptions): number | undefined => {
  if (tail === 'all' || (tail === undefined && since !== undefined)) return undefined;
  if (tail === undefined) return usualTail;
  if (/^\d{1,9}$/.test(tail)) return Number(tail);
  throw new PlumbError('invalid_request', `--tail ${tail}: neither a number of lines nor \`all\``);
};

/** Which lines a command line means. @throws PlumbError `invalid_request`, `unknown_device` */
export const queryOf = async (context: Context, named: string[], options: LogsOptions): Promise<WantedLines> => {
  const { role, runner, level, since, select } = options;
  const tail = tailOf(options);
  await context.store({ patient: options.follow }); // as whoever opens it first wants it
  const roles: LogRole[] = runner === undefined ? (role ? [role] : []) : ['runner'];
  const picks = named.length > 0 || select !== undefined;
  const devices = picks ? await pickDevices(context, { devices: named, select }) : [];
  return defined({
    roles: roles.length > 0 ? roles : undefined,
    names: runner === undefined ? undefined : [runner],
    devices: picks ? devices.map(({ device }) => device) : undefined,
    level: level && levels[level],
    since: since === undefined ? undefined : sinceOf(since),
    tail,
  });
};
