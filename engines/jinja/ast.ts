// What a template is made of, named as in Jinja2's own nodes where there is a name.

export type Args = {
  positional: readonly { value: Expr; spread: boolean }[];
  named: readonly (readonly [string, Expr])[];
  spreadNamed: readonly Expr[];
};

export type BinaryOp = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type CompareOp = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

export type Expr =
  | { kind: 'const'; value: unknown }
  | { kind: 'name'; name: string; line: number }
  | { kind: 'list' | 'tuple' | 'concat'; items: readonly Expr[] }
  | { kind: 'dict'; pairs: readonly (readonly [Expr, Expr])[] }
  | { kind: 'attribute'; of: Expr; name: string; line: number }
  | { kind: 'item'; of: Expr; key: Expr; line: number }
  | { kind: 'slice'; start: Expr | undefined; stop: Expr | undefined; step: Expr | undefined }
  | { kind: 'call'; of: Expr; args: Args; line: number }
  | { kind: 'filter'; name: string; of: Expr; args: Args; line: number }
  | { kind: 'test'; name: string; of: Expr; args: Args; line: number }
  | { kind: 'negate' | 'plus' | 'not'; of: Expr }
  | { kind: 'binary'; op: BinaryOp; left: Expr; right: Expr }
  | { kind: 'and' | 'or'; left: Expr; right: Expr }
  | { kind: 'compare'; first: Expr; rest: readonly (readonly [CompareOp, Expr])[] }
  | { kind: 'if'; test: Expr; then: Expr; else: Expr | undefined; line: number };

/** What a loop, `set` or `with` gives a value to. */
export type Target =
  | { kind: 'name'; name: string }
  | { kind: 'unpack'; items: readonly Target[] }
  | { kind: 'namespace'; name: string; attribute: string };

export type Param = { name: string; default: Expr | undefined };

export type Body = readonly Statement[];

export type Signature = { name: string; params: readonly Param[]; body: Body };

export type Statement = { line: number } & (
  | { kind: 'text'; text: string }
  | { kind: 'print'; value: Expr }
  | { kind: 'if'; branches: readonly { test: Expr; body: Body }[]; else: Body }
  | { kind: 'for'; target: Target; over: Expr; test: Expr | undefined; recursive: boolean; body: Body; else: Body }
  | { kind: 'set'; target: Target; value: Expr }
  | { kind: 'set block'; target: Target; filters: FilterChain; body: Body }
  | { kind: 'with'; targets: readonly { target: Target; value: Expr }[]; body: Body }
  | ({ kind: 'macro' } & Signature)
  | { kind: 'call block'; call: Expr; caller: Signature }
  | { kind: 'filter block'; filters: FilterChain; body: Body }
  | { kind: 'block'; name: string; scoped: boolean; required: boolean; body: Body }
  | { kind: 'extends'; template: Expr }
  | { kind: 'include'; template: Expr; ignoreMissing: boolean; withContext: boolean }
  | { kind: 'import'; template: Expr; as: string; withContext: boolean }
  | { kind: 'from'; template: Expr; names: readonly { name: string; as: string }[]; withContext: boolean }
  | { kind: 'do'; value: Expr }
  | { kind: 'break' }
  | { kind: 'continue' }
);

/** Filters that stand on no value of their own: on the text of a block. */
export type FilterChain = readonly { name: string; args: Args; line: number }[];

/** The names that an expression or a body reads, at any depth. */
export const namesIn = (part: unknown, names: Set<string> = new Set()): Set<string> => {
  if (Array.isArray(part)) for (const item of part) namesIn(item, names);
  else if (typeof part === 'object' && part !== null) {
    const node = part as { kind?: string; name?: string };
    if (node.kind === 'name' && node.name) names.add(node.name);
    if (node.kind !== 'const') namesIn(Object.values(part), names);
  }
  return names;
};
