import type { Node } from '../config/tree.ts';
import type { Grammar, View } from './grammar.ts';

type Place = { view: View | undefined; node: Node; line: RegExpExecArray | undefined };

/** Takes lines into a tree as VRP does: each view knows its own lines only, and `quit` leaves it. */
export class VrpEditor {
  readonly #grammar: Grammar;
  #places: Place[];

  constructor(grammar: Grammar, root: Node) {
    this.#grammar = grammar;
    this.#places = [{ view: undefined, node: root, line: undefined }];
  }

  /** What the prompt shows after the name, '' in system view. */
  get prompt(): string {
    const { view, line } = this.#last();
    if (!view || !line) return '';
    return `-${typeof view.prompt === 'string' ? view.prompt : view.prompt(line)}`;
  }

  /** The lines that lead here from system view. */
  get path(): string[] {
    return this.#places.slice(1).map(({ node }) => node.text);
  }

  /** Leaves one view. @returns false in system view */
  quit(): boolean {
    if (this.#places.length === 1) return false;
    this.#places.pop();
    return true;
  }

  top(): void {
    this.#places.length = 1;
  }

  /** @returns where the line is not understood; undefined: it was taken */
  apply(typed: string): number | undefined {
    const line = typed.trim();
    const { view, node } = this.#last();
    const here = view?.name ?? 'system';
    const known = this.#grammar.views.find((one) => (one.in ?? ['system']).includes(here) && one.opens.test(line));
    if (known) {
      const match = known.opens.exec(line);
      let open = node.children.find(({ text }) => text === line);
      if (!open) {
        open = { text: line, children: [], opens: true };
        node.children.push(open);
      }
      this.#places.push({ view: known, node: open, line: match ?? undefined });
      return undefined;
    }
    const wanted = line.startsWith('undo ') ? line.slice(5).trim() : line;
    const takes = view ? this.#grammar.inside : this.#grammar.system;
    const opens = this.#grammar.views.some((one) => (one.in ?? ['system']).includes(here) && one.opens.test(wanted));
    if (!opens && !takes.test(wanted)) return typed.indexOf(wanted.split(' ')[0] ?? '');
    if (wanted === line) this.#put(node, line);
    else this.#undo(node, line, wanted);
    return undefined;
  }

  #last(): Place {
    const place = this.#places.at(-1);
    if (!place) throw new Error('an editor without a place');
    return place;
  }

  #put(node: Node, line: string): void {
    const key = this.#grammar.keys.map((pattern) => pattern.exec(line)?.[0]).find((found) => found !== undefined);
    const at = node.children.findIndex(({ text }) => text === line || (key !== undefined && text.startsWith(key)));
    node.children = node.children.filter(({ text }) => text !== `undo ${line}`);
    const made: Node = { text: line, children: [] };
    if (at < 0) node.children.push(made);
    else node.children[at] = made;
  }

  #undo(node: Node, line: string, wanted: string): void {
    const left = node.children.filter(({ text }) => text !== wanted && !text.startsWith(`${wanted} `));
    node.children = left;
    if (this.#grammar.shown.test(line) && !left.some(({ text }) => text === line))
      left.push({ text: line, children: [] });
  }
}
