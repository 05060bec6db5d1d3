import sax from 'sax';
import { PlumbError } from '../core/errors.ts';
import { withLf } from '../core/text/line-ends.ts';

/** An element with its expanded name: what prefix a device chose does not matter. */
export type XmlElement = {
  /** Local name, without prefix. */
  readonly name: string;
  /** Namespace URI; '' for none. */
  readonly ns: string;
  /** By local name, without namespace declarations. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** The element's own character data as it is written, blanks included, without that of its children. */
  readonly text: string;
};

type Growing = XmlElement & { children: XmlElement[]; text: string; attributes: Record<string, string> };

/** No reply of a device nests deeper; more is an attack on whoever walks the tree. */
const deepest = 500;
/** Each takes some 300 bytes of memory, however short it is written. */
const mostElements = 2_000_000;
/** Of one element, and of namespace declarations in scope: sax compares each with all others. */
const mostAttributes = 500;
/** sax goes through the declarations in scope at the end of each element. */
const mostScoped = 10_000_000;
/** So much is read before what sax has of a tag that has not ended is looked at. */
const chunkChars = 16 * 1024;

/** What sax keeps of the tag that it is in; its types leave it out. */
type InTag = { attribList: readonly unknown[] };

const declaresNamespace = ({ prefix, name }: sax.QualifiedAttribute) => prefix === 'xmlns' || name === 'xmlns';

const open = (tag: sax.QualifiedTag): Growing => {
  const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const attribute of Object.values(tag.attributes)) {
    const { local, prefix, value } = attribute;
    if (declaresNamespace(attribute) || (prefix !== '' && local in attributes)) continue;
    attributes[local] = value;
  }
  return { name: tag.local, ns: tag.uri, attributes, children: [], text: '' };
};

/**
 * Reads one XML document. Entities but XML's own five are not expanded: a document type is refused (RFC 6241, 3).
 *
 * @throws PlumbError `parse_failed` with the line
 */
export const parseXml = (text: string): XmlElement => {
  const parser = sax.parser(true, { xmlns: true, position: true });
  const path: Growing[] = [];
  const declared: number[] = [];
  let inScope = 0;
  let scoped = 0;
  let root: XmlElement | undefined;
  let elements = 0;
  const fail = (message: string) => {
    const line = parser.line + 1;
    throw new PlumbError('parse_failed', `line ${line} of the XML document: ${message}`, { line });
  };
  parser.onerror = (error) => {
    // a captured reply may have lost the outer element that declared the prefix
    if (!error.message.startsWith('Unbound namespace prefix')) fail(error.message.split('\n')[0] ?? '');
    parser.error = null as unknown as Error; // sax's own way to go on; its types forbid it
  };
  parser.ondoctype = () => fail('a document type is not allowed');
  parser.onopentag = (tag) => {
    const element = open(tag as sax.QualifiedTag);
    path.at(-1)?.children.push(element);
    root ??= element;
    const own = Object.values((tag as sax.QualifiedTag).attributes).filter(declaresNamespace).length;
    declared.push(own);
    inScope += own;
    scoped += inScope;
    if (inScope > mostAttributes || scoped > mostScoped) fail('too many namespaces are declared');
    if (++elements > mostElements) fail(`it has more than ${mostElements} elements`);
    if (path.push(element) > deepest) fail(`elements are nested more than ${deepest} deep`);
  };
  parser.onclosetag = () => {
    path.pop();
    inScope -= declared.pop() ?? 0;
  };
  const append = (data: string) => {
    const element = path.at(-1);
    if (element) element.text += data;
  };
  parser.ontext = append;
  parser.oncdata = append;
  const document = withLf(text.replace(/^\uFEFF?\s+/, '')); // line ends: XML 1.0, 2.11
  const inTag = parser as unknown as InTag;
  for (let at = 0; at < document.length; at += chunkChars) {
    parser.write(document.slice(at, at + chunkChars));
    if (inTag.attribList.length > mostAttributes) fail(`an element has more than ${mostAttributes} attributes`);
  }
  parser.close();
  return root ?? fail('it has no element');
};

/** The first child of that local name, in any namespace unless one is given. */
export const child = (element: XmlElement | undefined, name: string, ns?: string): XmlElement | undefined =>
  element?.children.find((each) => each.name === name && (ns === undefined || each.ns === ns));

/** All children of that local name, in document order. */
export const children = (element: XmlElement | undefined, name: string, ns?: string): XmlElement[] =>
  element?.children.filter((each) => each.name === name && (ns === undefined || each.ns === ns)) ?? [];

/** The element at the end of a path of local names. */
export const descend = (element: XmlElement | undefined, ...path: string[]): XmlElement | undefined =>
  path.reduce<XmlElement | undefined>((parent, name) => child(parent, name), element);

/** The trimmed text at the end of a path of local names; undefined where there is no such element. */
export const textOf = (element: XmlElement | undefined, ...path: string[]): string | undefined =>
  descend(element, ...path)?.text.trim();

/** Every descendant of that local name, the element itself included, in document order. */
export const descendants = (element: XmlElement | undefined, name: string): XmlElement[] => {
  const found: XmlElement[] = [];
  const walk = (each: XmlElement) => {
    if (each.name === name) found.push(each);
    each.children.forEach(walk);
  };
  if (element) walk(element);
  return found;
};

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
};

/** Text as it may stand in an element or a quoted attribute. */
export const escapeXml = (text: string): string => text.replace(/[&<>"'\r]/g, (character) => escapes[character] ?? '');
