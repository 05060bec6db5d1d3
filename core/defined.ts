/** Without the keys that are undefined: an optional field is there or is not, and never holds undefined. */
export const defined = <T extends object>(all: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
