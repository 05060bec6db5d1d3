import { emptyTree, type Node } from '../../config/tree.ts';
import { type Element, escapeXml } from '../../protocols/netconf/xml.ts';
import { wordsOf } from './edit.ts';

const unquote = (text: string): string => text.replace(/^"(.*)"$/s, '$1');

/** A configuration as Junos shows it in XML. */
export const configurationXml = (node: Node): string =>
  `<configuration>${node.children.map((one) => statement(one, node.text)).join('')}</configuration>`;

const statement = (node: Node, parent: string): string => {
  const [first = '', second, ...more] = wordsOf(node.text);
  const inner = node.children.map((one) => statement(one, node.text)).join('');
  const free: Record<string, string> = {
    interfaces: 'interface',
    'routing-instances': 'instance',
    groups: 'groups',
    vlans: 'vlan',
  };
  const container = free[parent];
  if (container !== undefined && /^[\w./:-]+$/.test(first))
    return `<${container}><name>${escapeXml(first)}</name>${inner}</${container}>`;
  if (!/^[a-zA-Z][\w.-]*$/.test(first)) return `<name>${escapeXml(node.text)}</name>`;
  if (node.children.length > 0)
    return `<${first}>${second === undefined ? '' : `<name>${escapeXml(unquote([second, ...more].join(' ')))}</name>`}${inner}</${first}>`;
  if (second === undefined) return `<${first}/>`;
  return `<${first}>${escapeXml(unquote([second, ...more].join(' ')))}</${first}>`;
};

/** Reads a configuration in XML. */
export const readXml = (configuration: Element): Node => {
  const root = emptyTree();
  const walk = (into: Node, element: Element): void => {
    const name = element.children.find((one) => one.name === 'name')?.text.trim();
    const rest = element.children.filter((one) => one.name !== 'name');
    const free = /^(?:interfaces|routing-instances|vlans)$/.test(into.text) && name !== undefined;
    const text = free
      ? name
      : [element.name, name ?? (rest.length === 0 ? element.text.trim() : '')].filter((part) => part !== '').join(' ');
    const quoted =
      /\s/.test(element.text.trim()) && rest.length === 0 && name === undefined
        ? `${element.name} "${element.text.trim()}"`
        : text;
    const asked = (word: string) => element.attributes[word] === word || element.attributes.operation === word;
    const tag = asked('delete') || asked('remove') ? 'delete: ' : asked('replace') ? 'replace: ' : '';
    const node: Node = { text: `${tag}${quoted}`, children: [] };
    into.children.push(node);
    for (const one of rest) walk(node, one);
  };
  for (const one of configuration.children) walk(root, one);
  return root;
};
