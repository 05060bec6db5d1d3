import type { Body, Statement } from './ast.ts';
import { room } from './limits.ts';
import type { Scope } from './scope.ts';

/** What calls a filter or a test by name: `map("upper")`, `select("defined")`. */
export type Registry = {
  filter(name: string): Filter;
  test(name: string): Test;
};

/** A filter: the value, then what stands in its brackets. */
export type Filter = (
  value: unknown,
  args: readonly unknown[],
  named: ReadonlyMap<string, unknown>,
  registry: Registry,
) => unknown;
/** A test: what stands after `is`. */
export type Test = (value: unknown, args: readonly unknown[], registry: Registry) => boolean;

/** A parsed template with its blocks. */
export type Compiled = { name: string; body: Body; blocks: ReadonlyMap<string, BlockStatement> };
/** `{% block %}`. */
export type BlockStatement = Extract<Statement, { kind: 'block' }>;

/** What a template needs of its surroundings. */
export type Host = Registry & {
  readonly globals: Scope;
  load(name: string): Compiled;
};

/** One rendering of a template with those that it extends: they share top-level names and blocks. */
export type Run = {
  host: Host;
  root: Scope;
  /** The versions of each block, the most derived one first. */
  blocks: Map<string, { statement: BlockStatement; unit: Unit }[]>;
};

/** A template within a run; `line` is where it is just now. */
export type Unit = { name: string; line: number; run: Run; parent: Compiled | undefined };

/** Where output goes; a template that extends another says nothing itself. */
export class Output {
  text = '';
  muted = false;

  add(text: string): void {
    if (this.muted) return;
    room(this.text.length + text.length);
    this.text += text;
  }
}

/** Where a template is: its names, its output, and which template it is. */
export type Frame = { scope: Scope; out: Output; unit: Unit };

/** What a call is given: by place and by name. */
export type Call = { args: readonly unknown[]; named: Map<string, unknown> };
