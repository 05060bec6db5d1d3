import { type Element, escapeXml } from './xml.ts';

const isLeaf = ({ children, text }: Element): boolean => children.length === 0 && text.trim() !== '';

/** What a subtree filter selects of an element of the same name; undefined where it selects nothing. Source: RFC 6241, 6.2. */
const select = (data: Element, filter: Element): Element | undefined => {
  const matches = filter.children.filter(isLeaf);
  const others = filter.children.filter((one) => !isLeaf(one));
  const has = ({ name, text }: Element) =>
    data.children.some((one) => one.name === name && one.text.trim() === text.trim());
  if (!matches.every(has)) return undefined;
  if (others.length === 0) return data;
  const named = data.children.filter((one) => matches.some(({ name }) => name === one.name));
  const chosen = others.flatMap((wanted) =>
    data.children
      .filter((one) => one.name === wanted.name)
      .map((one) => select(one, wanted))
      .filter((one) => one !== undefined),
  );
  return chosen.length === 0 ? undefined : { ...data, children: [...named, ...chosen] };
};

const print = ({ name, children, text, attributes }: Element): string => {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  const open = `<${name}${given.join('')}`;
  if (children.length > 0) return `${open}>${children.map(print).join('')}</${name}>`;
  return text.trim() === '' ? `${open}/>` : `${open}>${escapeXml(text.trim())}</${name}>`;
};

/**
 * Applies a subtree filter.
 *
 * @param filter its children stand beside the data's: `<filter>` itself, or nothing for all
 * @returns the elements that are left, as XML
 */
export const subtree = (data: readonly Element[], filter: Element | undefined): string => {
  const chosen =
    filter === undefined
      ? data
      : filter.children.flatMap((wanted) =>
          data.filter(({ name }) => name === wanted.name).map((one) => select(one, wanted)),
        );
  return chosen
    .filter((one) => one !== undefined)
    .map(print)
    .join('');
};
