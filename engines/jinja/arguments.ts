import { didYouMean } from '../nearest.ts';
import { fail } from './failure.ts';

/** Gives arguments to parameters by place, then by name. */
export const bind = (
  what: string,
  names: readonly string[],
  args: readonly unknown[],
  named: ReadonlyMap<string, unknown>,
): unknown[] => {
  if (args.length > names.length) fail(`${what} takes ${names.length} argument(s) at most, found ${args.length}`);
  const values: unknown[] = names.map((_, index) => args[index]);
  for (const [name, value] of named) {
    const index = names.indexOf(name);
    if (index < 0) fail(`${what} takes no argument "${name}"${didYouMean(name, names)}`);
    if (index < args.length) fail(`${what} got two values for "${name}"`);
    values[index] = value;
  }
  return values;
};
