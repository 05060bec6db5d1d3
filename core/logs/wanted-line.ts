import type { LogLine, LogQuery } from '../bus.ts';
import { glob } from '../inventory/select/glob.ts';

/** One process among all: a name is its own choice, the role is NATS's. */
export const processOf = ({ role, name }: Pick<LogLine, 'role' | 'name'>): string => `${role} ${name}`;

/** Whether a process is meant: by its whole name, a glob of it, or without the random end that it gave itself. */
const isNamed = (name: string, wanted: string): boolean =>
  glob(wanted, name) || glob(`${wanted}-[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]`, name);

/** Whether a process may say anything that is asked for. */
export const isAsked = ({ role, name }: Pick<LogLine, 'role' | 'name'>, { roles, names }: Omit<LogQuery, 'token'>) =>
  (roles?.includes(role) ?? true) && (names?.some((wanted) => isNamed(name, wanted)) ?? true);

/** Whether a line is one that is asked for, but for how many. That lines are missing is told to everybody. */
export const isWanted = (line: LogLine, query: Omit<LogQuery, 'token'>): boolean => {
  const { devices, level = 0, since, after } = query;
  if (!isAsked(line, query) || line.seq <= (after?.[processOf(line)] ?? 0)) return false;
  if (since !== undefined && Date.parse(line.time) < Date.parse(since)) return false;
  if (line.dropped !== undefined) return true;
  return line.level >= level && (devices?.includes(line.device ?? '') ?? true);
};
