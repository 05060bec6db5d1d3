import { cloneTree, type Node, sameTree } from '../config/tree.ts';
import { type Difference, missing } from '../config/tree-diff.ts';
import type { Device } from '../device.ts';
import { VrpEditor } from './editor.ts';
import { huawei } from './grammar.ts';
import { replay, type Typed } from './text.ts';

const marked = (differences: readonly Difference[], sign: string, depth = 0): string[] =>
  differences.flatMap(({ text, whole, children }) => [
    `${whole ? sign : ' '} ${' '.repeat(depth)}${text}`,
    ...marked(children, sign, depth + 1),
  ]);

/** What one session typed and has not committed. */
export class Candidate {
  readonly #device: Device;
  #base: Node;
  #tree: Node;
  typed: Typed[] = [];
  editor: VrpEditor;

  constructor(device: Device) {
    this.#device = device;
    this.#base = device.running;
    this.#tree = cloneTree(device.running);
    this.editor = new VrpEditor(huawei, this.#tree);
  }

  get dirty(): boolean {
    return !sameTree(this.#tree, this.#base);
  }

  /** Somebody committed since. */
  get stale(): boolean {
    return this.#base !== this.#device.running && !sameTree(this.#base, this.#device.running);
  }

  /** What was typed, on what runs now. */
  merged(): Node {
    return replay(huawei, cloneTree(this.#device.running), this.typed);
  }

  /** Starts from what runs now. @param keep what was typed is typed again */
  refresh(keep: boolean): void {
    const { path } = this.editor;
    if (!keep) this.typed = [];
    this.#base = this.#device.running;
    this.#tree = this.merged();
    this.editor = new VrpEditor(huawei, this.#tree);
    for (const view of path) this.editor.apply(view);
  }

  changes(): string {
    const [gone, come] = [missing(this.#base, this.#tree), missing(this.#tree, this.#base)];
    const lines = [...marked(gone, '-'), ...marked(come, '+')];
    return `Building configuration\n${lines.length === 0 ? '' : `  #\n${lines.join('\n')}\n  #\n`}`;
  }
}
