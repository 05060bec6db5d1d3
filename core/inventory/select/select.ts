import { nearest } from '../../../engines/nearest.ts';
import { PlumbError } from '../../errors.ts';
import { glob, isGlob } from './glob.ts';
import { type Labels, labelLevels } from './label.ts';
import { parseSelector, type Selector } from './parse.ts';

/** What is known of a device when devices are selected. */
export type Selectable = {
  device: string;
  host: string;
  platform: string;
  groups: readonly string[];
  labels?: Labels | undefined;
};

type Term = Extract<Selector, { kind: 'is' }>;

const builtIn = ['group', 'host', 'platform', 'site'] as const;

/** @returns the texts that a device has under a key; undefined: it has no such key */
const textsOf = (site: string, entry: Selectable, key: string): readonly string[] | undefined => {
  switch (key) {
    case 'group':
      return entry.groups;
    case 'host':
      return [entry.host];
    case 'platform':
      return [entry.platform];
    case 'site':
      return [site];
    default:
      return entry.labels && Object.hasOwn(entry.labels, key) ? entry.labels[key] : undefined;
  }
};

const meant = (guess: string | undefined) => (guess === undefined ? '' : `; did you mean "${guess}"?`);

const unknownName = (entries: readonly Selectable[], name: string): PlumbError => {
  const groups = [...new Set(entries.flatMap((entry) => entry.groups))];
  const names = entries.map(({ device }) => device);
  const guess = groups.includes(name) ? `group=${name}` : nearest(name, names);
  return new PlumbError('unknown_device', `${name}: no such device${meant(guess)}`, {
    hint: '`plumb status` lists the devices of this site',
  });
};

const refuseTerm = (site: string, entries: readonly Selectable[], { key, pattern }: Term): void => {
  if (key === undefined) {
    if (isGlob(pattern) || entries.some(({ device }) => device === pattern)) return;
    throw unknownName(entries, pattern);
  }
  if (entries.some((entry) => textsOf(site, entry, key) !== undefined)) return;
  const keys = new Set([...builtIn, ...entries.flatMap(({ labels = {} }) => Object.keys(labels))]);
  const deep = key.split('.').length > labelLevels ? `; vars are compared ${labelLevels} levels deep` : '';
  throw new PlumbError(
    'invalid_request',
    `no device has "${key}" in the inventory${deep || meant(nearest(key, [...keys]))}`,
    { hint: 'group, host, platform, role, site, and every var that holds a text, a number or a list of them' },
  );
};

/** Every name and `key=value` of an expression. */
const termsOf = (selector: Selector): Term[] => {
  if (selector.kind === 'is') return [selector];
  return selector.kind === 'not' ? termsOf(selector.of) : selector.of.flatMap(termsOf);
};

const matches = (site: string, entry: Selectable, selector: Selector): boolean => {
  switch (selector.kind) {
    case 'not':
      return !matches(site, entry, selector.of);
    case 'and':
      return selector.of.every((one) => matches(site, entry, one));
    case 'or':
      return selector.of.some((one) => matches(site, entry, one));
    case 'is': {
      const texts = selector.key === undefined ? [entry.device] : textsOf(site, entry, selector.key);
      return texts?.some((text) => glob(selector.pattern, text)) ?? false;
    }
    default:
      return selector satisfies never;
  }
};

/**
 * Whether an expression picks a device, one at a time: a key or name that no device has is not an error here and picks
 * nothing.
 *
 * @throws PlumbError `invalid_request` if it is not a selector
 */
export const picks = (site: string, expression: string): ((entry: Selectable) => boolean) => {
  const selector = parseSelector(expression);
  return (entry) => matches(site, entry, selector);
};

const whyNothing = (site: string, entries: readonly Selectable[], selector: Selector): string | undefined => {
  if (selector.kind === 'and' && selector.of.every((one) => one.kind === 'is' && one.key === undefined))
    return '`,` means and: join names by `or`, or give them as separate arguments';
  if (selector.kind !== 'is' || selector.key === undefined) return undefined;
  const { key } = selector;
  const texts = [...new Set(entries.flatMap((entry) => textsOf(site, entry, key) ?? []))].sort();
  return `${key} is one of ${texts.slice(0, 12).join(', ')}${texts.length > 12 ? ' …' : ''}`;
};

/**
 * The devices that an expression picks, in their own order.
 *
 * @throws PlumbError `invalid_request` if it is not a selector, names a key that no device has, or picks nothing;
 * `unknown_device` for a name that no device has, with the nearest one
 */
export const select = <T extends Selectable>(site: string, entries: readonly T[], expression: string): T[] => {
  const selector = parseSelector(expression);
  // a typo would select too few, or after a `!` too many
  for (const term of termsOf(selector)) refuseTerm(site, entries, term);
  const picked = entries.filter((entry) => matches(site, entry, selector));
  if (picked.length > 0) return picked;
  const hint = whyNothing(site, entries, selector) ?? '`plumb status` lists the devices of this site';
  throw new PlumbError('invalid_request', `"${expression}" selects no device`, { hint });
};
