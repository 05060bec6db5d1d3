import type { LogLine, LogQuery } from '../bus.ts';
import { glob } from '../inventory/select/glob.ts';

/** One process: it chooses its name; NATS enforces its role. */
export const processOf = ({ role, name }: Pick<LogLine, 'role' | 'name'>): string => `${role} ${name}`;

/** Whether a process is meant: by its full name, a glob, or its name without the random suffix. */
const isNamed = (name: string, wanted: string): boolean =>
  glob(wanted, name) || glob(`${wanted}-[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]`, name);

/** Whether a process may have lines that match. */
export const isAsked = ({ role, name }: Pick<LogLine, 'role' | 'name'>, { roles, names }: Omit<LogQuery, 'token'>) =>
  (roles?.includes(role) ?? true) && (names?.some((wanted) => isNamed(name, wanted)) ?? true);

/** Whether a line matches the query, apart from its limits. A line about missing lines matches every query. */
export const isWanted = (line: LogLine, query: Omit<LogQuery, 'token'>): boolean => {
  const { devices, level = 0, since, after } = query;
  if (!isAsked(line, query) || line.seq <= (after?.[processOf(line)] ?? 0)) return false;
  if (since !== undefined && Date.parse(line.time) < Date.parse(since)) return false;
  if (line.dropped !== undefined) return true;
  return line.level >= level && (devices?.includes(line.device ?? '') ?? true);
};
