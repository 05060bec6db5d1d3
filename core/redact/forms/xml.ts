import { isSecretField } from '../names.ts';
import { mask } from '../redact-registered.ts';

const tag = /<(\/?)([A-Za-z_][\w.:-]{0,80})((?:\s[^<>]{0,2000})?)>/g;

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Elements that name a secret, of data models that give them their own names. */
const isSecretElement = (name: string): boolean => isSecretField(name) || /^(?:key|trap-group)$/.test(name);

/** Text that is no secret wherever it stands: numbers, our mask. */
const isPlain = (text: string): boolean => text.trim() === '' || text.trim() === mask || /^\s*\d{1,5}\s*$/.test(text);

/** A secret in an element of its own below the one that names it; SNMP's communities are such by their names. */
const isSecretLeaf = (open: readonly string[]): boolean => {
  const [leaf = '', parent = ''] = [open.at(-1), open.at(-2)];
  if (leaf === 'name') return /^(?:community|trap-group)$/.test(parent) && open.includes('snmp');
  return (
    /^(?:value|data|text|(?:en)?cipher\w*|encrypted|clear-?text|encoded|hash)$/.test(leaf) && isSecretElement(parent)
  );
};

/**
 * Masks the contents of elements that name a secret, even over several lines. Our mask looks like an opening tag: what
 * is never closed is not an element.
 */
export const redactXml = (text: string, by: string): string => {
  if (!text.includes('</')) return text;
  const closed = new Set<string>();
  for (const [, slash, name = ''] of text.matchAll(tag)) if (slash) closed.add(name);
  let out = '';
  let at = 0;
  let open: string[] = [];
  let secretFrom: number | undefined;
  for (const found of text.matchAll(tag)) {
    const [all, slash, name = '', rest = ''] = found;
    const local = localName(name);
    if (!closed.has(name) || (all === mask && secretFrom !== undefined)) continue;
    const content = text.slice(at, found.index);
    const inSecret = secretFrom !== undefined || isSecretLeaf(open);
    out += inSecret ? covered(content, by) : content;
    out += all;
    at = found.index + all.length;
    if (slash) {
      const depth = open.lastIndexOf(local);
      if (depth >= 0) open = open.slice(0, depth);
      if (secretFrom !== undefined && open.length <= secretFrom) secretFrom = undefined;
    } else if (!rest.endsWith('/')) {
      if (secretFrom === undefined && isSecretElement(local) && !isNested(text, at)) secretFrom = open.length;
      if (open.length < 64) open.push(local);
    }
  }
  return out + text.slice(at);
};

/** A list whose entries have names and values of their own is no secret as a whole: their elements are looked at. */
const isNested = (text: string, at: number): boolean => /^\s{0,200}<(?!secret>)[a-z]/i.test(text.slice(at, at + 210));

/** Each of its non-empty lines, masked. */
const covered = (content: string, by: string): string =>
  isPlain(content) ? content : content.replace(/[^\s][^\n]*/g, (line) => by + line.slice(line.trimEnd().length));
