import { isOutcome, PlumbError } from '../../../core/errors.ts';
import { baseNamespace } from '../../transports/netconf/text.ts';
import { escapeXml, parseXml, type XmlElement } from '../../xml.ts';

// Configuration as XML text: a `<config>` around the top-level elements, or these alone.

const declaration = /^\uFEFF?\s*<\?xml[^>]*\?>/;
const wrapper = /^\s*(?:<!--[\s\S]*?-->\s*)*<(?:[\w.-]+:)?(config|data)(?=[\s/>])/;

/** The text as the `<config>` parameter of an edit; line numbers stay what they are in the file. */
export const configParameter = (text: string): string => {
  // a comment first: a parser that skips leading blanks would lose count of the lines
  const bare = `<!---->${text.replace(declaration, (found) => found.replace(/[^\n]/g, ''))}`;
  if (!wrapper.test(bare)) return `<config>${bare}</config>`;
  return bare
    .replace(/<((?:[\w.-]+:)?)data(?=[\s/>])/, '<$1config')
    .replace(/<\/((?:[\w.-]+:)?)data(\s*>\s*)$/, '</$1config$2');
};

/**
 * The document element with the configuration's top-level elements as children.
 *
 * @throws PlumbError `rejected` with the line where it is no XML
 */
export const parseConfig = (text: string, device: string): XmlElement => {
  try {
    return parseXml(configParameter(text).replace(/^((?:<!---->)?\s*)<config>/, `$1<config xmlns="${baseNamespace}">`));
  } catch (error) {
    if (!isOutcome(error)) throw error;
    throw new PlumbError('rejected', `${device}: ${error.message}`, {
      line: error.line,
      hint: 'the intended configuration of a NETCONF device is an XML document',
    });
  }
};

const print = (element: XmlElement, outer: string, indent: string, out: string[]): void => {
  const { name, ns, attributes, children, text } = element;
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(value)}"`);
  const open = `${indent}<${name}${ns === outer ? '' : ` xmlns="${escapeXml(ns)}"`}${words.join('')}`;
  if (children.length > 0) {
    out.push(`${open}>`);
    for (const child of children) print(child, ns, `${indent}  `, out);
    out.push(`${indent}</${name}>`);
  } else out.push(text === '' ? `${open}/>` : `${open}>${escapeXml(text)}</${name}>`);
};

/** One element a line, by expanded names: two texts that mean the same compare equal. Empty containers are left out. */
export const printConfig = (config: XmlElement): string => {
  const out: string[] = [];
  for (const child of config.children) {
    if (child.children.length > 0 || child.text.trim() !== '') print(child, '', '', out);
  }
  return out.length > 0 ? `${out.join('\n')}\n` : '';
};

/** The content of a get-config reply as a document that can be loaded again: its prefixes stay declared. */
export const configOf = (reply: string): string => {
  const open = /<((?:[\w.-]+:)?)data((?:\s[^>]*?)?)(\/?)>/.exec(reply);
  if (!open) return `<config xmlns="${baseNamespace}"/>\n`;
  const outer = /<(?:[\w.-]+:)?rpc-reply\s([^>]*)>/.exec(reply)?.[1] ?? '';
  const prefixes = [...`${outer} ${open[2]}`.matchAll(/xmlns:[\w.-]+\s*=\s*(?:"[^"]*"|'[^']*')/g)].map(
    ([each]) => each,
  );
  const start = `<config ${[`xmlns="${baseNamespace}"`, ...new Set(prefixes)].join(' ')}>`;
  const from = open.index + open[0].length;
  const body = open[3] ? '' : reply.slice(from, reply.lastIndexOf(`</${open[1]}data`));
  return `${start}\n${body.replace(/^\s*\n/, '').trimEnd()}\n</config>\n`;
};

/** The line of the text that an error's path leads to: `/nc:rpc/…/sys:system/sys:clock`, then the bad element in it. */
export const lineOfPath = (text: string, path: string, badElement: string): number | undefined => {
  const steps = path.replace(/^.*?\bconfig(?=\/|$)/, '').match(/(?:\[[^\]]{0,80}\]|[^/])+/g) ?? [];
  let at = 0;
  let found = false;
  const go = (pattern: RegExp): void => {
    const next = text.slice(at).search(pattern);
    if (next < 0) return;
    at += next;
    found = true;
  };
  const literal = (word: string) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  for (const step of steps) {
    go(new RegExp(`<(?:[\\w.-]+:)?${literal(step.replace(/\[.*$/, '').replace(/^.*:/, ''))}[\\s/>]`));
    for (const [, key] of step.matchAll(/=\s*["']([^"']*)["']\]/g)) go(new RegExp(`>\\s*${literal(key ?? '')}\\s*<`));
  }
  if (badElement) go(new RegExp(`<(?:[\\w.-]+:)?${literal(badElement)}[\\s/>]`));
  return found ? text.slice(0, at).split('\n').length : undefined;
};
