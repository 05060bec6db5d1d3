import { named } from '../../../../core/by-name.ts';

/** An XML element by its local name; namespaces are kept as the attribute `xmlns` where they are declared without a prefix. */
export type Element = { name: string; attributes: Record<string, string>; children: Element[]; text: string };

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const decode = (text: string): string =>
  text.replace(/&(#x?[0-9a-fA-F]+|\w+);/g, (whole, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return named(entities, name) ?? whole;
  });

/** Text that may stand in an element. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>]/g, (char) => (char === '&' ? '&amp;' : char === '<' ? '&lt;' : '&gt;'));

const local = (name: string) => name.replace(/^.*:/, '');

const attributesOf = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')/g)].map(([, name = '', quoted = '']) => [
      name === 'xmlns' ? name : local(name),
      decode(quoted.slice(1, -1)),
    ]),
  );

/** Reads a document. @throws Error when tags do not match */
export const parseXml = (source: string): Element => {
  const root: Element = { name: '', attributes: {}, children: [], text: '' };
  const open: Element[] = [root];
  const pattern =
    /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<(\/?)([\w:.-]+)((?:[^<>"']|"[^"]*"|'[^']*')*?)(\/?)>|([^<]+)/g;
  for (const [, cdata, closing, name, attributes = '', selfClosing, text] of source.matchAll(pattern)) {
    const top = open.at(-1);
    if (!top) throw new Error('more elements are closed than were opened');
    if (cdata !== undefined) top.text += cdata;
    else if (text !== undefined) top.text += decode(text);
    else if (closing === '/') {
      if (top.name !== local(name ?? '')) throw new Error(`<${top.name}> is closed by </${name}>`);
      open.pop();
    } else if (name !== undefined) {
      const element: Element = { name: local(name), attributes: attributesOf(attributes), children: [], text: '' };
      top.children.push(element);
      if (selfClosing !== '/') open.push(element);
    }
  }
  const [first] = root.children;
  if (!first || open.length > 1) throw new Error('the document is not complete');
  return first;
};

/** The first child of that name. */
export const under = (element: Element | undefined, ...names: string[]): Element | undefined =>
  names.reduce<Element | undefined>((at, name) => at?.children.find((one) => one.name === name), element);

/** The first element of that name, at any depth. */
export const within = (element: Element | undefined, name: string): Element | undefined => {
  if (!element) return undefined;
  if (element.name === name) return element;
  for (const one of element.children) {
    const found = within(one, name);
    if (found) return found;
  }
  return undefined;
};
