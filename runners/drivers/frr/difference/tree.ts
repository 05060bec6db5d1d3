// FRR's configuration as it is structured: lines under the contexts that they belong to, each once.

/** A line and the lines under it, in the order in which they were read. `opens`: lines may stand under it. */
export type Node = { readonly line: string; readonly children: Map<string, Node>; opens: boolean };

/** A line with the lines that it stands under, outermost first. */
export type Placed = { readonly path: readonly string[]; readonly line: string };

const closes = /^(?:exit(?:-[\w-]+)?|end|quit)$/;
// Above each text: not what FRR holds, but what printed it.
const heads = /^(?:frr version .*|Building configuration\.\.\.|Current configuration:)$/;

// FRR prints a member of a mesh group as a peer, too. Who types that makes two of one, and pimd frees it twice.
const meshMember = /^(?:ip )?msdp mesh-group \S+ member (\S+)$/;
const meshPeer = /^(?:ip )?msdp peer (\S+) source /;

const dropMeshPeers = ({ children }: Node): void => {
  const members = new Set([...children.keys()].map((line) => meshMember.exec(line)?.[1]).filter(Boolean));
  if (members.size === 0) return;
  for (const line of children.keys()) if (members.has(meshPeer.exec(line)?.[1])) children.delete(line);
};

const node = (line: string): Node => ({ line, children: new Map(), opens: false });

/** A tree without lines. */
export const emptyTree = (): Node => node('');

/** The words of a line with single blanks between them; '' for a comment and what only closes a context. */
export const squeeze = (raw: string): string => {
  const line = raw.trim().split(/\s+/).join(' ');
  return /^[!#]/.test(line) || closes.test(line) || heads.test(line) ? '' : line;
};

/** The child of that line, made where it is not there. */
export const childOf = (parent: Node, line: string): Node => {
  const found = parent.children.get(line) ?? node(line);
  parent.children.set(line, found);
  parent.opens = true;
  return found;
};

/** Reads the nesting from the indentation, as `show running-config` prints it. */
export const readTree = (text: string): Node => {
  const root = emptyTree();
  const stack: { depth: number; node: Node }[] = [];
  for (const raw of text.split('\n')) {
    const line = squeeze(raw);
    const depth = raw.length - raw.trimStart().length;
    if (line === '') {
      const closed = /^\s*exit/.test(raw) ? stack.findLast((above) => above.depth === depth) : undefined;
      if (closed) closed.node.opens = true;
      continue;
    }
    while (stack.length > 0 && (stack.at(-1)?.depth ?? 0) >= depth) stack.pop();
    stack.push({ depth, node: childOf(stack.at(-1)?.node ?? root, line) });
  }
  dropMeshPeers(root);
  for (const child of root.children.values()) {
    const { line, children } = child;
    if (children.size === 0 && line.startsWith('interface ')) root.children.delete(line); // says nothing
    dropMeshPeers(child);
  }
  return root;
};

/** The contexts that the line of that number stands in, by its indentation, outermost first. */
export const pathAt = (text: string, number: number): string[] => {
  const lines = text.split('\n').slice(0, number);
  const depthOf = (raw: string) => raw.length - raw.trimStart().length;
  let depth = depthOf(lines.pop() ?? '');
  const path: string[] = [];
  for (const raw of lines.reverse()) {
    if (depthOf(raw) >= depth || squeeze(raw) === '') continue;
    path.unshift(squeeze(raw));
    depth = depthOf(raw);
  }
  return path;
};

/** Every line below a node with its path, each before those under it. */
export const placedLines = (at: Node, path: readonly string[] = []): Placed[] => {
  const found: Placed[] = [];
  const walk = (parent: Node, above: readonly string[]) => {
    for (const child of parent.children.values()) {
      found.push({ path: above, line: child.line });
      if (child.children.size > 0) walk(child, [...above, child.line]);
    }
  };
  walk(at, path);
  return found;
};

/** The node at the end of a path; undefined where there is none. */
export const nodeAt = (root: Node, path: readonly string[]): Node | undefined =>
  path.reduce<Node | undefined>((at, line) => at?.children.get(line), root);

/** A copy of a tree, without some lines. */
export const without = (root: Node, lines: readonly Placed[]): Node => {
  const gone = new Set(lines.map(({ path, line }) => [...path, line].join('\n')));
  const copy = (at: Node, path: readonly string[]): Node => {
    const children = new Map<string, Node>();
    for (const child of at.children.values()) {
      const whole = [...path, child.line];
      const kept = copy(child, whole);
      if (kept.children.size > 0 || !gone.has(whole.join('\n'))) children.set(child.line, kept);
    }
    return { ...at, children };
  };
  return copy(root, []);
};

/** Whether two trees hold the same lines. FRR numbers what has an order, so the order of lines is no part of it. */
export const sameTree = (one: Node, other: Node): boolean =>
  one.children.size === other.children.size &&
  [...one.children.values()].every((child) => {
    const same = other.children.get(child.line);
    return same !== undefined && sameTree(child, same);
  });
