import { byName } from '../../core/by-name.ts';
import { PlumbError } from '../../core/errors.ts';
import { compareText, isEqual, searchText } from './values.ts';
import { parsePyYaml } from './yaml.ts';

/** How a dictionary or list compares, element by element. */
export type Comparison = {
  complies: boolean;
  present: Record<string, Present> | unknown[];
  missing: unknown[];
  extra: unknown[];
};

/** One key that was expected and is there; empty where a pair in it lacks a key. */
type Present = {
  complies?: boolean;
  nested?: boolean;
  diff?: Comparison;
  expected_value?: unknown;
  actual_value?: unknown;
};

/** One getter of a report: compared, or skipped because the platform has no such getter. */
export type Section = Comparison | { skipped: true; reason: string };

/** A compliance report in NAPALM's form: each getter (or `_name`), then `skipped` and `complies`. */
export type Report = Record<string, Section | string[] | boolean> & { skipped: string[]; complies: boolean };

/** One entry of a validation file. */
export type Rule = { getter: string; name: string; kwargs: Record<string, unknown>; expected: Record<string, unknown> };

type Dict = Record<string, unknown>;
const isDict = (value: unknown): value is Dict => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Takes the mode out: as in NAPALM, it holds for the first thing that an element of a list is compared with. */
const takeMode = (src: Dict, path: string): boolean => {
  const words = String(src._mode ?? '')
    .split(/\s+/)
    .filter(Boolean);
  delete src._mode;
  const unknown = words.find((word) => word !== 'strict');
  if (unknown !== undefined)
    throw new PlumbError('invalid_request', `${path}: mode "${unknown}" is not known; the only mode is strict`);
  return words.length > 0;
};

/** A pair of a list of objects lacks a key: all of the list is missing then. */
class NoSuchKey extends Error {}

const compliesWith = (result: boolean | Comparison) => (typeof result === 'boolean' ? result : result.complies);

/** What was found is taken from the list, also from one within an element that then does not comply. */
const compareList = (expected: unknown[], left: unknown[], strict: boolean, path: string): Comparison => {
  const present: unknown[] = [];
  const missing: unknown[] = [];
  for (const element of expected) {
    const index = left.findIndex((each) => compliesWith(compareTaking(element, each, path)));
    if (index < 0) missing.push(element);
    else {
      present.push(element);
      left.splice(index, 1);
    }
  }
  const extra = strict ? left : [];
  return { complies: missing.length === 0 && extra.length === 0, present, missing, extra };
};

const compareDict = (expected: Dict, given: Dict, strict: boolean, path: string): Comparison => {
  const actual = structuredClone(given);
  const present = byName<Present>();
  const missing: string[] = [];
  const keys = Object.keys(expected);
  for (const key of keys) {
    if (!Object.hasOwn(actual, key)) {
      missing.push(key);
      continue;
    }
    let result: boolean | Comparison;
    try {
      result = compareTaking(expected[key], actual[key], `${path}.${key}`);
    } catch (error) {
      if (!(error instanceof NoSuchKey)) throw error;
      present[key] = {};
      missing.push(key);
      continue;
    }
    const complies = compliesWith(result);
    if (typeof result !== 'boolean') present[key] = { complies, nested: true, ...(complies ? {} : { diff: result }) };
    else {
      const values = complies ? {} : { expected_value: expected[key], actual_value: actual[key] };
      present[key] = { complies, nested: false, ...values };
    }
  }
  const extra = strict ? Object.keys(actual).filter((key) => !keys.includes(key)) : [];
  const complies = missing.length === 0 && extra.length === 0 && Object.values(present).every((each) => each.complies);
  return { complies, present, missing, extra };
};

const isEmpty = (value: unknown) =>
  value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);

/** Lists of objects, pair by pair; each text of the expected one is looked for in the actual one. */
const comparePairs = (expected: readonly unknown[], actual: readonly unknown[], path: string): boolean =>
  expected.slice(0, actual.length).every((element, index) => {
    const other = actual[index];
    if (isEqual(element, other)) return true;
    if (isEmpty(element)) return true;
    if (!isDict(element) || !isDict(other)) return false;
    const keys = Object.keys(element);
    if (keys.some((key) => !Object.hasOwn(other, key))) throw new NoSuchKey();
    return keys.every((key) => searchText(String(element[key]), other[key], path));
  });

const compareTaking = (expected: unknown, actual: unknown, path: string): boolean | Comparison => {
  if (isDict(expected)) {
    const strict = takeMode(expected, path);
    if (Object.hasOwn(expected, 'list')) {
      const list = Array.isArray(expected.list) ? expected.list : [];
      return Array.isArray(actual) && compareList(list, actual, strict, path);
    }
    return compareDict(expected, isDict(actual) ? actual : {}, strict, path);
  }
  if (typeof expected === 'string') return compareText(expected, actual, path);
  if (Array.isArray(expected) && Array.isArray(actual)) return comparePairs(expected, actual, path);
  return isEqual(expected, actual);
};

/**
 * Compares what is expected with what is, by NAPALM's rules: texts are expressions to search for, `<20`, `10<->20` and
 * `10%100` (100, give or take 10 %) compare numbers, `list` and `_mode: strict` say how lists and keys compare.
 *
 * @throws PlumbError `invalid_request` for a rule that cannot be read
 */
export const compare = (expected: unknown, actual: unknown, path = ''): boolean | Comparison =>
  compareTaking(structuredClone(expected), structuredClone(actual), path);

/**
 * Reads a validation file: a list of getters with what is expected of each.
 *
 * @param file its name, for messages
 * @throws PlumbError `invalid_request` with file and line
 */
export const parseRules = (text: string, file: string): Rule[] => {
  const document = parsePyYaml(text);
  const [error] = document.errors;
  if (error) {
    const line = error.linePos?.[0].line;
    const place = line === undefined ? file : `${file}, line ${line}`;
    throw new PlumbError('invalid_request', `${place}: ${error.message.split('\n')[0]}`, line ? { line } : {});
  }
  const entries: unknown = document.toJS();
  if (!Array.isArray(entries) || !entries.every(isDict)) {
    throw new PlumbError('invalid_request', `${file}: a validation file is a list of getters`, {
      hint: '- get_facts: {os_version: "4.3"}',
    });
  }
  return entries.flatMap((entry) =>
    Object.entries(entry as Dict).map(([getter, value]) => {
      const { _name, _kwargs, ...expected } = isDict(value) ? value : {};
      const kwargs = isDict(_kwargs) ? _kwargs : {};
      return { getter, name: typeof _name === 'string' && _name !== '' ? _name : getter, kwargs, expected };
    }),
  );
};

/**
 * The compliance report over the results of the getters.
 *
 * @param results what the getter of each rule found; undefined where there is no such getter
 */
export const complianceReport = (rules: readonly Rule[], results: (rule: Rule) => unknown): Report => {
  const sections = byName<Section>();
  for (const rule of rules) {
    if (rule.getter === 'get_config') continue; // NAPALM's does not compare it either
    const actual = results(rule);
    if (actual === undefined) sections[rule.name] = { skipped: true, reason: 'NotImplemented' };
    else {
      const compared = compare(rule.expected, actual, rule.name);
      sections[rule.name] =
        typeof compared === 'boolean' ? { complies: compared, present: {}, missing: [], extra: [] } : compared;
    }
  }
  const skipped = Object.entries(sections).filter(([, section]) => 'skipped' in section);
  const complies = Object.values(sections).every((section) => 'skipped' in section || section.complies);
  return { ...sections, skipped: skipped.map(([name]) => name), complies };
};
