import { napalmMasked } from './napalm/masks.ts';
import { cisco, eos, more, type Places } from './secret-places.ts';

/** How a platform writes its configuration. */
export type Style = 'cisco' | 'eos' | 'junos';

const mask = '<removed>';

const secrets: Readonly<Record<string, string>> = {
  '<rest>': '.+',
  '<words>': '.+?',
  '<word>': '\\S+',
  '<typed>': '(?:\\d{1,2} )?\\S+',
  '<type7>': '\\d.+',
  '<short>': '.{1,8}',
};

const kept = (token: string): string =>
  ({ '*': '\\S+', '#': '\\d+', '~': '.+' })[token] ??
  (/^\{.*\}$/.test(token) ? `(?:${token.slice(1, -1)})` : token.replace(/[.+^$()|\\]/g, '\\$&'));

/** A line of places as an expression: groups that stay, with secrets between them. */
type Rule = { pattern: RegExp; within: RegExp | undefined };

const ruleOf = (line: string, within: RegExp | undefined): Rule => {
  const indented = line.startsWith('> ');
  const tokens = (indented ? line.slice(2) : line).match(/\[[^\]]*\]|\S+/g) ?? [];
  let source = indented ? '^(\\s+' : '^(';
  for (const [index, token] of tokens.entries()) {
    const gap = index === 0 ? '' : ' ';
    const secret = secrets[token];
    if (secret !== undefined) source += `${gap})(${secret})(`;
    else if (token === '...') source += '(?: .*)?';
    else if (token.startsWith('[')) {
      const words = token.slice(1, -1).split(' ').map(kept).join(' ');
      source += `(?:${gap}${words})?`;
    } else if (index === 0 && token === '~') source += '.*';
    else source += index === 1 && tokens[0] === '~' ? kept(token) : `${gap}${kept(token)}`;
  }
  return { pattern: new RegExp(`${source})\\s*$`), within };
};

const rulesOf = (places: readonly Places[]): Rule[] =>
  places.flatMap(({ within, lines }) => lines.map((line) => ruleOf(line, within)));

const rules: Readonly<Record<'cisco' | 'eos', readonly Rule[]>> = {
  cisco: rulesOf([...more, ...cisco]),
  eos: rulesOf([...more, ...cisco, ...eos]),
};

/** Groups at even places stay, those between them are secrets. */
const masked = (groups: readonly string[]): string =>
  groups.map((group, index) => (index % 2 === 0 ? group : mask)).join('');

const maskLines = (text: string, these: readonly Rule[]): string => {
  let section = '';
  return text
    .split('\n')
    .map((line) => {
      if (/^\S/.test(line)) section = line;
      for (const { pattern, within } of these) {
        if (within !== undefined && !within.test(section)) continue;
        const found = pattern.exec(line);
        if (found) return masked(found.slice(1));
      }
      return line;
    })
    .join('\n');
};

/** Secrets of Junos begin with the number of their encryption; communities are written as they are. */
const maskJunos = (text: string): string =>
  text
    .replace(/^(\s+community\s+)(?:"[^"\n]*"|[^\s;{["]+)(?=\s*[;{])/gm, `$1${mask}`)
    .replace(/^(set (?:\S+ )*?snmp community )(?:"[^"\n]*"|\S+)/gm, `$1${mask}`)
    .replace(/"\$\d{1,2}\$[^"\n]*"/g, mask);

/** Keys and certificates that stand in the text themselves: PEM, and the hexadecimal lines of a chain. */
const maskBodies = (text: string): string =>
  text
    .replace(/^(\s*-----BEGIN [^\n]*-----\n)[\s\S]*?(\n\s*-----END )/gm, `$1${mask}$2`)
    .replace(/^((\s*certificate [^\n]*\n))(?:\s+[0-9A-F]{2,8}(?: [0-9A-F]{2,8})*\s*\n)+/gm, `$1  ${mask}\n`);

/**
 * Masks the secrets of a configuration.
 *
 * @param shape `napalm` masks what NAPALM masks, and as it does; `plumb` masks all that is known to be secret
 */
export const sanitize = (text: string, style: Style, shape: 'plumb' | 'napalm' = 'plumb'): string => {
  if (shape === 'napalm') return napalmMasked(text, style);
  return maskBodies(style === 'junos' ? maskJunos(text) : maskLines(text, rules[style]));
};
