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
type Rule = { pattern: RegExp; indented: boolean; within: RegExp | undefined };

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
  return { pattern: new RegExp(`${source})\\s*$`), indented, within };
};

const rulesOf = (places: readonly Places[]): Rule[] =>
  places.flatMap(({ within, lines }) => lines.map((line) => ruleOf(line, within)));

const rules: Readonly<Record<'plumb' | 'napalm', Record<Style, readonly Rule[]>>> = {
  plumb: { cisco: rulesOf([...more, ...cisco]), eos: rulesOf([...more, ...cisco, ...eos]), junos: [] },
  napalm: { cisco: rulesOf(cisco), eos: rulesOf([...cisco, ...eos]), junos: [] },
};

/** Groups at even places stay, those between them are secrets. */
const masked = (groups: readonly string[]): string =>
  groups.map((group, index) => (index % 2 === 0 ? group : mask)).join('');

/** @param joined an empty line counts as the indentation of the next one, as it does for NAPALM */
const maskLines = (text: string, these: readonly Rule[], joined: boolean): string => {
  let section = '';
  let before = '';
  return text
    .split('\n')
    .map((line, index) => {
      const gap = joined && index > 0 && before.trim() === '' ? '\n' : '';
      before = line;
      if (/^\S/.test(line)) section = line;
      for (const { pattern, indented, within } of these) {
        if (within !== undefined && !within.test(section)) continue;
        const found = pattern.exec(indented ? gap + line : line);
        if (found) return masked(found.slice(1)).replace(/^\n/, '');
      }
      return line;
    })
    .join('\n');
};

/** Secrets of Junos are in quotes, and begin with the number of their encryption. */
const maskJunos = (text: string): string =>
  text.replace(/^(\s+community\s+)\w+(?=;|\s+\{)/gm, `$1${mask}`).replace(/^(.*)"\$\d\$\S+"(?=;)/gm, `$1${mask}`);

/** Keys and certificates that stand in the text themselves: PEM, and the hexadecimal lines of a chain. */
const maskBodies = (text: string): string =>
  text
    .replace(/^(\s*-----BEGIN [^\n]*-----\n)[\s\S]*?(\n\s*-----END )/gm, `$1${mask}$2`)
    .replace(/^((\s*certificate [^\n]*\n))(?:\s+[0-9A-F]{2,8}(?: [0-9A-F]{2,8})*\s*\n)+/gm, `$1  ${mask}\n`);

/** What NAPALM's masks leave behind: a blank more, or an engine's id twice. */
const napalmOddities = (text: string): string =>
  text
    .replace(/^(snmp-server host .*?<removed>|\s+standby \d+ authentication md5 key-string <removed>)/gm, '$1 ')
    .replace(/^(snmp-server user .*<removed> localizedkey)( engineID \S+)$/gm, '$1$2$2');

/**
 * Masks the secrets of a configuration.
 *
 * @param shape `napalm` masks what NAPALM masks, and as it does; `plumb` masks all that is known to be secret
 */
export const sanitize = (text: string, style: Style, shape: 'plumb' | 'napalm' = 'plumb'): string => {
  const lines = style === 'junos' ? maskJunos(text) : maskLines(text, rules[shape][style], shape === 'napalm');
  return shape === 'napalm' ? napalmOddities(lines) : maskBodies(lines);
};
