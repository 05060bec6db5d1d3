import { readLines } from '../config/read.ts';
import { cloneTree, emptyTree, type Node } from '../config/tree.ts';
import { contextual, missing } from '../config/tree-diff.ts';
import type { Device } from '../device.ts';
import { iosSyntax } from './syntax.ts';

/** Lines that no replace can change. */
const immutable = /^license udi /;

/** `show archive config differences`: additions first, then what goes. */
export const differences = (from: Node, to: Node): string => {
  const lines = [...contextual(missing(to, from), '+'), ...contextual(missing(from, to), '-')];
  return `!Contextual Config Diffs:\n${lines.length === 0 ? '!No changes were found' : lines.join('\n')}\n\n`;
};

/** `show archive config incremental-diffs`: the lines of a file that the running configuration lacks. */
export const incremental = (running: Node, text: string): string => {
  const { root } = readLines(iosSyntax, text);
  const gone = new Set<string>();
  const walk = (nodes: ReturnType<typeof missing>) => {
    for (const { text: line, children } of nodes) {
      gone.add(line.toLowerCase());
      walk(children);
    }
  };
  walk(missing(root, running));
  const kept = text
    .split('\n')
    .filter(
      (line) =>
        line.trim() !== '' &&
        !line.startsWith('!') &&
        (gone.has(line.trim().toLowerCase()) || /^no /.test(line.trim())),
    );
  return `!List of Commands:\n${kept.map((line) => `${line}\n`).join('')}end\n\n`;
};

/** A file read for a replace: what the running configuration will be, and what could not be applied. */
export const prepare = (device: Device, text: string): { tree: Node; failed: string[] } => {
  const tree = emptyTree();
  const { complaints } = readLines(iosSyntax, text, tree);
  const failed = complaints.map((complaint) => complaint.text.trim());
  const rest = tree.children.filter((node) => !immutable.test(node.text));
  const fixed = device.running.children.filter((node) => immutable.test(node.text));
  for (const node of tree.children)
    if (immutable.test(node.text) && !fixed.some(({ text }) => text === node.text)) failed.push(node.text);
  const ports = device.running.children.filter(
    (node) =>
      iosSyntax.hardware.test(node.text.replace(/^interface /, '')) && !rest.some(({ text }) => text === node.text),
  );
  const merged = emptyTree();
  const bare = ports.map((port) => `${port.text}\n no ip address\n shutdown\n`).join('');
  merged.children = rest;
  readLines(iosSyntax, `${bare}${fixed.map(({ text }) => `${text}\n`).join('')}`, merged);
  return { tree: cloneTree(merged), failed };
};

/** What IOS says when some lines were not taken. */
export const aborted = (
  failed: readonly string[],
  undo: readonly string[],
): string => `The rollback configlet from the last pass is listed below:
********
!List of Rollback Commands:
${[...undo, ...failed].map((line) => `${line}\n`).join('')}end
********


Rollback aborted after 5 passes
The following commands are failed to apply to the IOS image.
********
${failed.join('\n')}
********


`;
