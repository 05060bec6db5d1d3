import type { Node } from '../../config/tree.ts';
import { find } from './edit.ts';
import { leafKey } from './grammar.ts';
import { braces, setLines } from './text.ts';
import { configurationXml } from './xml-config.ts';

/** What is said to a form of output that is not simulated. */
export const unknownDisplay = (display: readonly string[]): string | undefined => {
  const unknown = display.find((one) => !/^display (?:xml|set|inheritance)\b|^compare\b/.test(one));
  return unknown === undefined ? undefined : `error: syntax error: ${unknown}\n`;
};

/** A configuration or a part of it, in the form that was asked for. */
export const shown = (tree: Node, words: readonly string[], display: readonly string[]): string => {
  const { node, rest } = find(tree, words);
  const lines = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');
  if (rest.length > 0) {
    const values = node.children.filter(({ text, children }) => children.length === 0 && leafKey(text) === rest[0]);
    if (rest.length > 1 || values.length === 0) return '';
    const path = words.slice(0, -1);
    return lines(
      display.some((one) => /set/.test(one))
        ? setLines({ text: '', children: values }, path.length > 0 ? ` ${path.join(' ')}` : '')
        : braces({ text: '', children: values }),
    );
  }
  if (display.some((one) => /set/.test(one)))
    return lines(setLines(node, words.length > 0 ? ` ${words.join(' ')}` : ''));
  if (display.some((one) => /xml/.test(one))) return `<rpc-reply>${configurationXml(node)}</rpc-reply>\n`;
  return lines(braces(node));
};
