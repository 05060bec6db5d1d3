import { insertOrdered, rankOf } from '../config/order.ts';
import { type Block, incomplete, keyOf, type Mode, negation, type Syntax, unknownRouter } from '../config/syntax.ts';
import type { Node } from '../config/tree.ts';

/** What the device thinks of a line. `at`: the first character that it did not understand, or where it misses a word. */
type Verdict = { ok: true; block?: Block } | { ok: false; at: number; kind: 'invalid' | 'incomplete' };

type Place = { mode: Mode | undefined; node: Node; line: RegExpExecArray | undefined };

const accepted: Verdict = { ok: true };

/** Reads configuration lines into a tree as the platform's CLI does: it knows where it stands. */
export class Editor {
  readonly #syntax: Syntax;
  /** Children by key, so that a line among thousands is found at once. */
  readonly #index = new WeakMap<Node, Map<string, Node>>();
  #places: Place[];

  constructor(syntax: Syntax, root: Node) {
    this.#syntax = syntax;
    this.#places = [{ mode: undefined, node: root, line: undefined }];
  }

  /** What the prompt shows after `config`, '' at the top. */
  get prompt(): string {
    const { mode, line } = this.#last();
    if (!mode || !line) return '';
    return typeof mode.prompt === 'string' ? mode.prompt : mode.prompt(line);
  }

  /** How deep: 0 at the top. */
  get depth(): number {
    return this.#places.length - 1;
  }

  /** Leaves one mode. @returns false when it stood at the top */
  exit(): boolean {
    if (this.depth === 0) return false;
    this.#places.pop();
    return true;
  }

  /** Back to the top. */
  top(): void {
    this.#places.length = 1;
  }

  /** Takes one line. A block's body follows by `finish`. */
  apply(typed: string): Verdict {
    const line = this.#syntax.canonical?.(typed.trim().replace(/\s+$/, '')) ?? typed.trim();
    if (line === '' || this.#syntax.comment.test(line)) return accepted;
    if (this.#syntax.leaves?.test(line) && this.exit()) return accepted;
    if (line.startsWith('!!')) {
      this.#last().node.children.push({ text: line, children: [] });
      return accepted;
    }
    const { negative, rest } = negation(line);
    const depth = unknownRouter.test(rest) ? -1 : this.#owner(rest);
    if (depth < 0) return { ok: false, at: typed.indexOf(rest.split(' ')[0] ?? ''), kind: 'invalid' };
    if (!negative && incomplete.test(line)) return { ok: false, at: typed.length, kind: 'incomplete' };
    this.#places.length = depth + 1;
    if (negative) this.#negate(line, rest);
    else {
      const block = this.#syntax.blocks.find((one) => one.opens.test(line));
      if (block && !block.ends(line, [])) return { ok: true, block };
      if (block) this.finish(line, []);
      else this.#put(line);
    }
    return accepted;
  }

  /** Stores a block that is read to its end. */
  finish(opening: string, body: readonly string[]): void {
    if (opening.trim() === 'comment') {
      const comments = body.slice(0, -1).map((text) => ({ text: `!! ${text}`, children: [] }));
      const node = this.#last().node;
      node.children = [...comments, ...node.children.filter((one) => !one.text.startsWith('!!'))];
      return;
    }
    const line = opening.trim();
    const block = this.#syntax.blocks.find((one) => one.opens.test(line));
    this.#put(...(block?.stored?.(line, body) ?? ([line, body] as const)));
  }

  #last(): Place {
    const place = this.#places.at(-1);
    if (!place) throw new Error('an editor without a place');
    return place;
  }

  #opens(place: Place, line: string): [Mode, RegExpExecArray] | undefined {
    const here = place.mode?.name ?? 'global';
    for (const mode of this.#syntax.modes) {
      if (!(mode.in ?? ['global']).includes(here)) continue;
      const match = mode.opens.exec(line);
      if (match) return [mode, match];
    }
    return undefined;
  }

  /** The depth of the mode that takes the line, the innermost first; -1: none does. */
  #owner(line: string): number {
    for (let depth = this.depth; depth >= 0; depth--) {
      const place = this.#places[depth];
      if (!place) continue;
      if (place.mode?.own?.test(line) || this.#opens(place, line)) return depth;
      if (depth === 0 && (this.#syntax.global.test(line) || this.#isBlock(line))) return 0;
    }
    const open = this.depth > 0 && !this.#last().mode?.closed && this.#syntax.words.has(line.split(' ')[0] ?? '');
    return open ? this.depth : -1;
  }

  #isBlock(line: string): boolean {
    return this.#syntax.blocks.some((block) => block.opens.test(line));
  }

  #put(line: string, body?: readonly string[]): void {
    const place = this.#last();
    const opened = this.#opens(place, line);
    const key = opened ? line : keyOf(this.#syntax, line);
    this.#affirm(place.node, line);
    const { children } = place.node;
    let node = this.#indexOf(place.node).get(key);
    if (!node && !opened && this.#syntax.defaults.test(line)) return;
    if (!node) {
      node = { text: line, children: [] };
      if (place.mode) children.push(node);
      else {
        node.rank = rankOf(this.#syntax, line, children.at(-1)?.rank ?? 0);
        insertOrdered(this.#syntax, place.node, node);
      }
    }
    this.#indexOf(place.node).set(key, node);
    node.text = line;
    if (body) node.body = body;
    if (!opened) return;
    node.opens = true;
    this.#places.push({ mode: opened[0], node, line: opened[1] });
  }

  #indexOf(node: Node): Map<string, Node> {
    const known = this.#index.get(node);
    if (known) return known;
    const index = new Map(node.children.map((one) => [one.opens ? one.text : keyOf(this.#syntax, one.text), one]));
    this.#index.set(node, index);
    return index;
  }

  /** Removes the negations of a line: `no ip` and `no ip routing` for `ip routing`. */
  #affirm(node: Node, line: string): void {
    const index = this.#indexOf(node);
    const words = line.split(' ');
    const negations = words.map((_, at) => `no ${words.slice(0, at + 1).join(' ')}`);
    negations.push(`no ${keyOf(this.#syntax, line)}`);
    for (const text of negations) if (index.has(text)) this.#remove(node, (one) => one.text === text);
  }

  #negate(line: string, rest: string): void {
    const { node, mode } = this.#last();
    const hardware = /^interface (.+)$/.exec(rest);
    if (!mode && hardware && this.#syntax.hardware.test(hardware[1] ?? '')) {
      for (const one of node.children) if (one.text === rest) one.children = [];
      return;
    }
    this.#remove(node, (one) => this.#removes(one.text, rest));
    if (line.startsWith('default ') || !(mode?.shown?.test(line) || this.#syntax.shownNegations.test(line))) return;
    if (this.#indexOf(node).has(line)) return;
    const negated: Node = { text: line, children: [] };
    this.#indexOf(node).set(line, negated);
    if (mode) node.children.push(negated);
    else {
      negated.rank = rankOf(this.#syntax, line, node.children.at(-1)?.rank ?? 0);
      insertOrdered(this.#syntax, node, negated);
    }
  }

  #removes(text: string, rest: string): boolean {
    if (text === rest || text.startsWith(`${rest} `)) return true;
    const key = keyOf(this.#syntax, rest);
    return key !== rest && keyOf(this.#syntax, text) === key;
  }

  #remove(node: Node, which: (one: Node) => boolean): void {
    if (!node.children.some(which)) return;
    node.children = node.children.filter((one) => !which(one));
    this.#index.delete(node);
  }
}
