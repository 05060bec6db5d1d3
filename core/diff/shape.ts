import type { Labels } from '../inventory/select/label.ts';

/** What stands between two words of a configuration; a `/` parts an address from its length. */
const words = /[\w.:-]+(?:\/\d+)?/g;

/** A device's own words, each with what stands in its place. */
const ownWords = (device: string, labels: Labels): ReadonlyMap<string, string> => {
  const names = new Map<string, string[]>([[device, ['name']]]);
  for (const [label, values] of Object.entries(labels)) {
    const name = label === 'role' ? label : `vars.${label}`;
    for (const value of values) names.set(value, [...(names.get(value) ?? []), name]);
  }
  // a value that two variables have is both: another device may have two values there, and one of them may be wrong
  return new Map([...names].map(([value, found]) => [value, `<${found.sort().join('|')}>`]));
};

/** Where a hunk is in the text, which a device's own lines above it move. */
const positions = /^@@ .*? @@/gm;

/**
 * A diff with the name and the variables of its device in the place of their values: two devices of one platform with the
 * same shape get the same change. A value that is not the device's own stays, so that a wrong address is told apart.
 */
export const shapeOf = (diff: string, device: string, labels: Labels): string => {
  const own = ownWords(device, labels);
  return diff.replace(positions, '@@ @@').replace(words, (word) => {
    const [address = '', length] = word.split('/');
    return own.get(word) ?? (own.get(address) ?? address) + (length === undefined ? '' : `/${length}`);
  });
};
