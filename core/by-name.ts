// A name from outside may be `constructor` or `__proto__`, which a plain object has before anybody puts them there.

/** An object for names from outside: it has none but those that are put in. */
export const byName = <T>(): Record<string, T> => Object.create(null) as Record<string, T>;

/** What `all` has under a name from outside; undefined where it has nothing of its own. */
export const named = <T>(all: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  all && Object.hasOwn(all, name) ? all[name] : undefined;
