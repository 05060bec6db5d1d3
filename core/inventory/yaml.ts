import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type ScalarTag,
  type Tags,
} from 'yaml';
import { Float, float } from '../../engines/jinja/values.ts';
import { type FailureCode, PlumbError } from '../errors.ts';
import { readRegular } from '../text/regular-file.ts';
import { sameText } from '../text/utf8.ts';

/** Where something is in a file: the keys and list indexes that lead to it. */
export type Path = readonly (string | number)[];

/** What is wrong at one place of a file. `on: 'key'` points at the key itself, not at its value. */
export type Problem = { path: Path; text: string; on?: 'key' | 'value' };

/** A YAML file with the places of its values; what is wrong is collected, then thrown at once. */
type YamlFile = {
  /** Plain values; below `vars`, a map whose keys are numbers, or look like them, is a `Map`, which keeps their order. */
  value: unknown;
  /** @throws PlumbError naming file, line, column and key path of each problem, a line each; nothing where there is none */
  refuse(problems: readonly Problem[]): void;
};

const keyOf = (pair: Pair): unknown => (isScalar(pair.key) ? pair.key.value : pair.key);

const resolve = (node: unknown, document: Document): unknown => (isAlias(node) ? node.resolve(document) : node);

/** The pair that holds `key`, also searched for in merged maps. */
const pairAt = (node: unknown, key: string | number, document: Document): Pair | undefined => {
  if (!isMap(node)) return undefined;
  const own = node.items.find((pair) => String(keyOf(pair)) === String(key));
  if (own) return own;
  const merged = node.items.filter((pair) => keyOf(pair) === '<<').map((pair) => resolve(pair.value, document));
  const sources = merged.flatMap((source) => (isSeq(source) ? source.items : [source]));
  return sources.map((source) => pairAt(resolve(source, document), key, document)).find(Boolean);
};

/** The offset of the deepest part of `path` that the file holds. */
const offsetOf = (document: Document, path: Path, on: 'key' | 'value'): number => {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const [index, key] of path.entries()) {
    const pair = pairAt(node, key, document);
    const value = pair ? pair.value : isSeq(node) ? node.items[Number(key)] : undefined;
    if (pair === undefined && value === undefined) break;
    const found = index === path.length - 1 && on === 'key' ? (pair?.key ?? value) : (value ?? pair?.key);
    const range = (found as Node | undefined)?.range ?? (pair?.key as Node | undefined)?.range;
    offset = range?.[0] ?? offset;
    node = resolve(value, document);
  }
  return offset;
};

const integerLike = /^(?:0|-?[1-9]\d*)$/;

/** Floats as templates need them, since 1.0 is not an int there. */
const withFloats = (tags: Tags): Tags =>
  tags.map((tag) => {
    if (typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:float' || tag.collection) return tag;
    const resolve: ScalarTag['resolve'] = (text, onError, options) => {
      const found = tag.resolve?.(text, onError, options);
      return float(Number(isScalar(found) ? found.value : found));
    };
    return { ...tag, resolve } as ScalarTag;
  });

const plain = (value: unknown, place: 'file' | 'vars' | 'below vars' = 'file'): unknown => {
  if (Array.isArray(value)) return value.map((item) => plain(item, place));
  if (value instanceof Float && place === 'file') return value.value;
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  if (!(value instanceof Map)) return value;
  const inner = (key: unknown) => (place === 'file' ? (key === 'vars' ? 'vars' : 'file') : 'below vars');
  const entries = [...value].map(([key, item]) => [plain(key, place), plain(item, inner(key))] as const);
  const numbered = entries.some(([key]) => typeof key !== 'string' || integerLike.test(key));
  return place === 'below vars' && numbered ? new Map(entries) : Object.fromEntries(entries);
};

/** `devices.leaf1.groups[0]`, as an operator would write it. */
const pathText = (path: Path): string =>
  path
    .map((key) =>
      typeof key === 'number' ? `[${key}]` : /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`,
    )
    .join('')
    .replace(/^\./, '');

/**
 * Reads YAML 1.2 with anchors and merge keys.
 *
 * @param name the file as it is named in messages
 * @throws PlumbError `code` for text that is not YAML, duplicate keys included
 */
const parseYaml = (text: string, name: string, code: FailureCode): YamlFile => {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    merge: true,
    intAsBigInt: true,
    customTags: withFloats,
  });
  const fail = (found: readonly { offset: number; text: string }[]): never => {
    const placed = found.map((problem) => ({ ...problem, ...lines.linePos(problem.offset) }));
    placed.sort((a, b) => a.offset - b.offset);
    const message = placed.map((problem) => `${name}:${problem.line}:${problem.col}: ${problem.text}`).join('\n');
    throw new PlumbError(code, message, { line: placed[0]?.line });
  };
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    fail(
      broken.map((error) => ({
        offset: error.pos[0],
        text:
          error.code === 'DUPLICATE_KEY' ? `duplicate key ${keyText(text, error.pos)}` : `not YAML: ${error.message}`,
      })),
    );
  }
  let value: unknown;
  try {
    value = plain(document.toJS({ mapAsMap: true }));
  } catch (cause) {
    throw new PlumbError(code, `${name}: cannot be read: ${(cause as Error).message}`, { cause });
  }
  const refuse = (problems: readonly Problem[]) => {
    if (problems.length === 0) return;
    fail(
      problems.map(({ path, text, on = 'value' }) => ({
        offset: offsetOf(document, path, on),
        text: path.length > 0 ? `${pathText(path)}: ${text}` : text,
      })),
    );
  };
  return { value, refuse };
};

const keyText = (text: string, [from]: readonly [number, number]): string =>
  JSON.stringify(/^[^:\n]*/.exec(text.slice(from, from + 200))?.[0].trim() ?? '');

/** Reads a YAML file. @throws PlumbError `code`, also where it cannot be read */
export const readYaml = async (path: string, name: string, code: FailureCode, hint: string): Promise<YamlFile> => {
  let bytes: Buffer | undefined;
  try {
    bytes = await readRegular(path);
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (cause as Error).message;
    throw new PlumbError(code, `${name}: cannot be read: ${why}`, { cause, hint });
  }
  if (!bytes) throw new PlumbError(code, `${name}: cannot be read: it is not a regular file`, { hint });
  return parseYaml(sameText(bytes, name, code), name, code);
};
