import { ownMatcher } from './regex-matcher.ts';
import { isNative, nativeSource, type Subject } from './regex-native.ts';
import { someNode } from './regex-nodes.ts';
import { parsePythonRegex } from './regex-parser.ts';

/** The whole match first, then each group; null for a group that took no part. */
type Groups = readonly (string | null)[];

/** One line of nothing but ASCII: nearly all that devices print, and much faster to match. */
const isPlain = (text: string) => !text.includes('\n') && /^\p{ASCII}*$/u.test(text);

/** A regular expression of Python's `re`, which matches as Python's `match` does: at the start of the text. */
export class PythonRegex {
  readonly #match: (text: string) => Groups | undefined;
  /** Groups with a name → number, in their order. */
  readonly names: ReadonlyMap<string, number>;
  readonly groups: number;

  /** @throws RegexError what Python's compiler would say */
  constructor(pattern: string) {
    const { root, names, groups } = parsePythonRegex(pattern);
    this.names = names;
    this.groups = groups;
    if (isNative(root)) {
      const flags = someNode(root, (node) => node.kind === 'atom' && node.fold) ? 'iuy' : 'uy';
      const compiled = new Map<Subject, RegExp>();
      this.#match = (text) => {
        const subject = isPlain(text) ? 'plain' : 'any';
        const native = compiled.get(subject) ?? new RegExp(nativeSource(root, subject), flags);
        compiled.set(subject, native);
        native.lastIndex = 0;
        const found = native.exec(text);
        return found ? Array.from(found, (group: string | undefined) => group ?? null) : undefined;
      };
    } else {
      const own = ownMatcher(root);
      this.#match = (text) => {
        const spans = own(text);
        return (
          spans &&
          Array.from({ length: groups + 1 }, (_, index) => {
            const span = spans[index];
            return span ? text.slice(...span) : null;
          })
        );
      };
    }
  }

  /** @returns undefined where the start of the text does not match */
  match(text: string): Groups | undefined {
    return this.#match(text);
  }
}
