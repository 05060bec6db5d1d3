import { RegexError, readEscape, readSet, Scanner } from './regex-escapes.ts';
import { type Node, width } from './regex-nodes.ts';
import { isRepeat, readRepeat } from './regex-repeat.ts';

/** A Python regular expression, taken apart; `names` of its groups in their order. */
type Parsed = { root: Node; groups: number; names: ReadonlyMap<string, number> };

type Flags = { i: boolean; m: boolean; s: boolean; x: boolean; a: boolean };

/** Python before 3.11 let a flag for the whole pattern stand anywhere, and old templates have it so. */
class WholeFlags extends Error {}

class Parser {
  readonly #scanner: Scanner;
  readonly #whole: Flags;
  readonly names = new Map<string, number>();
  readonly #open = new Set<number>();
  #asked = 0; // the highest group that a condition names: it may open later
  groups = 0;

  constructor(pattern: string, whole: Flags) {
    this.#scanner = new Scanner(pattern);
    this.#whole = whole;
  }

  all(): Node {
    const root = this.#choice(this.#whole);
    if (this.#scanner.peek() !== '') this.#scanner.fail('unbalanced parenthesis');
    if (this.#asked > this.groups) this.#scanner.fail(`invalid group reference ${this.#asked}`);
    return root;
  }

  #choice(flags: Flags): Node {
    const options = [this.#sequence(flags)];
    while (this.#scanner.take('|')) options.push(this.#sequence(flags));
    return options.length === 1 && options[0] ? options[0] : { kind: 'choice', options };
  }

  #sequence(flags: Flags): Node {
    const scanner = this.#scanner;
    const items: Node[] = [];
    for (let next = scanner.peek(); next !== '' && next !== '|' && next !== ')'; next = scanner.peek()) {
      if (flags.x && /[ \t-\r]/.test(next)) scanner.next();
      else if (flags.x && next === '#') scanner.run(/[^\n]/);
      else if (isRepeat(scanner)) items.push(readRepeat(scanner, items.pop()));
      else {
        const item = this.#item(flags);
        if (item) items.push(item);
      }
    }
    return items.length === 1 && items[0] ? items[0] : { kind: 'sequence', items };
  }

  #item(flags: Flags): Node | undefined {
    const scanner = this.#scanner;
    const { i: fold, a: ascii } = flags;
    const character = scanner.next();
    switch (character) {
      case '(':
        return this.#group(flags);
      case '[':
        return { kind: 'atom', ...readSet(scanner), fold, ascii };
      case '.':
        return { kind: 'atom', items: flags.s ? [] : [{ lo: 10, hi: 10 }], negate: true, fold, ascii };
      case '^':
        return { kind: 'place', at: flags.m ? 'line start' : 'start', ascii };
      case '$':
        return { kind: 'place', at: flags.m ? 'line end' : 'end', ascii };
      case '\\':
        return this.#escape(flags);
      default: {
        const code = character.codePointAt(0) ?? 0;
        return { kind: 'atom', items: [{ lo: code, hi: code }], negate: false, fold, ascii };
      }
    }
  }

  #escape({ i: fold, a: ascii }: Flags): Node {
    const scanner = this.#scanner;
    const item = readEscape(scanner, false);
    if (item) return { kind: 'atom', items: [item], negate: false, fold, ascii };
    const letter = scanner.next();
    if (letter === 'A') return { kind: 'place', at: 'start', ascii };
    if (letter === 'Z') return { kind: 'place', at: 'very end', ascii };
    if (letter === 'b') return { kind: 'place', at: 'boundary', ascii };
    if (letter === 'B') return { kind: 'place', at: 'no boundary', ascii };
    return this.#back(Number(letter + scanner.run(/[0-9]/, 1)), fold);
  }

  #back(index: number, fold: boolean): Node {
    if (index > this.groups) return this.#scanner.fail(`invalid group reference ${index}`);
    if (this.#open.has(index)) return this.#scanner.fail('cannot refer to an open group');
    return { kind: 'back', index, fold };
  }

  /** What follows an opening parenthesis; undefined for what matches nothing: flags and comments. */
  #group(flags: Flags): Node | undefined {
    const scanner = this.#scanner;
    if (!scanner.take('?')) return this.#capture(undefined, flags);
    if (scanner.take('P<')) return this.#capture(this.#name('>'), flags);
    if (scanner.take('P=')) return this.#back(this.#known(this.#name(')')), flags.i);
    if (scanner.take('#')) {
      scanner.until(')', 'comment');
      return undefined;
    }
    if (scanner.take(':')) return this.#closeGroup(flags);
    if (scanner.take('>')) return { kind: 'atomic', body: this.#close(this.#choice(flags)) };
    for (const [sign, ahead, negative] of [
      ['=', true, false],
      ['!', true, true],
      ['<=', false, false],
      ['<!', false, true],
    ] as const) {
      if (scanner.take(sign)) return this.#look(ahead, negative, flags);
    }
    if (scanner.take('(')) return this.#condition(flags);
    return this.#flags(flags);
  }

  /** A node of its own, so that a loop around it is not taken for a second count of what is in it. */
  #closeGroup(flags: Flags): Node {
    return { kind: 'sequence', items: [this.#close(this.#choice(flags))] };
  }

  #close(body: Node): Node {
    if (!this.#scanner.take(')')) this.#scanner.fail('missing ), unterminated subpattern');
    return body;
  }

  #capture(name: string | undefined, flags: Flags): Node {
    const index = ++this.groups;
    if (name !== undefined) {
      if (this.names.has(name)) return this.#scanner.fail(`redefinition of group name '${name}'`);
      this.names.set(name, index);
    }
    this.#open.add(index);
    const body = this.#close(this.#choice(flags));
    this.#open.delete(index);
    return { kind: 'capture', index, body };
  }

  #look(ahead: boolean, negative: boolean, flags: Flags): Node {
    const body = this.#close(this.#choice(flags));
    const [min, max] = width(body);
    if (!ahead && min !== max) return this.#scanner.fail('look-behind requires fixed-width pattern');
    return { kind: 'look', body, ahead, negative };
  }

  #condition(flags: Flags): Node {
    const name = this.#scanner.until(')', 'name');
    const index = /^[0-9]+$/.test(name) ? Number(name) : this.#known(name);
    if (index === 0) return this.#scanner.fail('bad group number');
    this.#asked = Math.max(this.#asked, index);
    const yes = this.#sequence(flags);
    const no: Node = this.#scanner.take('|') ? this.#sequence(flags) : { kind: 'sequence', items: [] };
    if (this.#scanner.peek() === '|') return this.#scanner.fail('conditional backref with more than two branches');
    return { kind: 'condition', index, yes: this.#close(yes), no };
  }

  #flags(flags: Flags): Node | undefined {
    const scanner = this.#scanner;
    const on = scanner.run(/[aiLmsux]/);
    const off = scanner.take('-') ? scanner.run(/[imsx]/) : '';
    if (on + off === '') return scanner.fail(`unknown extension ?${scanner.peek()}`);
    const changed = { ...flags };
    for (const flag of on) if (flag in changed) changed[flag as keyof Flags] = true;
    for (const flag of off) changed[flag as keyof Flags] = false;
    if (scanner.take(':')) return this.#closeGroup(changed);
    if (off !== '' || !scanner.take(')')) return scanner.fail('missing : or bad flag');
    const isNew = (flag: string): flag is keyof Flags => flag in this.#whole && !this.#whole[flag as keyof Flags];
    const added = [...on].filter(isNew);
    if (added.length === 0) return undefined;
    for (const flag of added) this.#whole[flag] = true;
    throw new WholeFlags();
  }

  #name(end: string): string {
    const name = this.#scanner.until(end, 'name');
    if (/^[\p{ID_Start}_]\p{ID_Continue}*$/u.test(name)) return name;
    return this.#scanner.fail(`bad character in group name '${name}'`);
  }

  #known(name: string): number {
    return this.names.get(name) ?? this.#scanner.fail(`unknown group name '${name}'`);
  }
}

/** Takes a Python regular expression (`re`, for text) apart. @throws RegexError */
export const parsePythonRegex = (pattern: string): Parsed => {
  const whole: Flags = { i: false, m: false, s: false, x: false, a: false };
  while (true) {
    const parser = new Parser(pattern, whole);
    try {
      return { root: parser.all(), groups: parser.groups, names: parser.names };
    } catch (error) {
      if (error instanceof RangeError) throw new RegexError('it is nested too deep', { cause: error });
      if (!(error instanceof WholeFlags)) throw error;
    }
  }
};
