// A name from outside may be `constructor` or `__proto__`, which a plain object has before anyone sets them.

/** An object for names from outside: it has only those that were set. */
export const byName = <T>(): Record<string, T> => Object.create(null) as Record<string, T>;

/** What `all` has under a name from outside; undefined if it has no such own property. */
export const named = <T>(all: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  all && Object.hasOwn(all, name) ? all[name] : undefined;
