import { Editor } from '../terminal/editor.ts';
import type { Syntax } from './syntax.ts';
import { emptyTree, type Node } from './tree.ts';

/** A line that the device does not understand. `line` counts from 1, `at` from 0. */
export type Complaint = { line: number; text: string; at: number };

/** Reads a whole text into `root` as if it were typed. A line `end` is skipped. */
export const readLines = (
  syntax: Syntax,
  text: string,
  root: Node = emptyTree(),
): { root: Node; complaints: Complaint[] } => {
  const editor = new Editor(syntax, root);
  const complaints: Complaint[] = [];
  const lines = text.split(/\r*\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (/^\s*(?:end|quit)\s*$/.test(line)) continue;
    if (/^\s*exit\s*$/.test(line)) {
      editor.exit();
      continue;
    }
    if (/^\s*root\s*$/.test(line)) {
      editor.top();
      continue;
    }
    const verdict = editor.apply(line);
    if (!verdict.ok) complaints.push({ line: at + 1, text: line, at: verdict.at });
    else if (verdict.block) {
      const body: string[] = [];
      while (at + 1 < lines.length) {
        body.push(lines[++at] ?? '');
        if (verdict.block.ends(line.trim(), body)) break;
      }
      editor.finish(line, body);
    }
  }
  return { root, complaints };
};
