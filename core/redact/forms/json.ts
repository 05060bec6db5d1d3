import { isSecretField } from '../names.ts';

/**
 * The tokens of JSON; of a text only its first quote, since a pattern for whole texts would overflow on a long one.
 */
const token = /"|-?\d[\d.eE+-]*|[{}[\],:]|true|false|null/g;

/** Where the text that begins with the quote at `from` ends. */
const endOfText = (json: string, from: number): number => {
  for (let at = json.indexOf('"', from + 1); at >= 0; at = json.indexOf('"', at + 1)) {
    let slashes = 0;
    while (json[at - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  return json.length;
};

const replaceTokens = (json: string, by: (found: string) => string): string => {
  let out = '';
  let at = 0;
  const tokens = new RegExp(token); // copied: a text may itself contain JSON
  for (let match = tokens.exec(json); match; match = tokens.exec(json)) {
    const end = match[0] === '"' ? endOfText(json, match.index) : tokens.lastIndex;
    out += json.slice(at, match.index) + by(json.slice(match.index, end));
    at = end;
    tokens.lastIndex = end;
  }
  return out + json.slice(at);
};

type Level = { inObject: boolean; key: string | undefined; name: string | undefined; isSecret: boolean };

/** Fields of an entry that says in one field what the other holds: `{"name": "password", "value": "x"}`. */
const namesEntry = /^(?:name|key|field)$/;

/**
 * JSON stays JSON, with the same spacing: the contents of a secret field are masked at any depth, and every other text
 * goes through `redact`.
 *
 * @param ours fields whose texts are our own wording
 */
export const redactJson = (
  text: string,
  redact: (text: string) => string,
  by: string,
  ours: ReadonlySet<string> = new Set(),
): string => {
  const levels: Level[] = [];
  let next: 'key' | 'value' = 'value';
  return replaceTokens(text, (found) => {
    const level = levels.at(-1);
    if (found === '{' || found === '[') {
      const isSecret = level?.isSecret === true || (level?.key !== undefined && isSecretField(level.key));
      levels.push({ inObject: found === '{', key: found === '[' ? level?.key : undefined, name: undefined, isSecret });
      next = found === '{' ? 'key' : 'value';
    } else if (found === '}' || found === ']') levels.pop();
    else if (found === ',') next = level?.inObject ? 'key' : 'value';
    else if (found === ':') next = 'value';
    else if (found.startsWith('"') && next === 'key' && level) {
      level.key = JSON.parse(found) as string;
      if (found.length < 40 && isWord.test(found)) return found;
      const shown = redact(level.key);
      return shown === level.key ? found : JSON.stringify(shown);
    } else return ours.has(level?.key ?? '') ? found : value(found, level, redact, by);
    return found;
  });
};

/** One word of ordinary letters: too short for any form, and no statement. */
const isWord = /^"[\w.-]*"$/;

const value = (found: string, level: Level | undefined, redact: (text: string) => string, by: string): string => {
  const key = level?.key ?? '';
  const isEntry = /^values?$/.test(key) && level?.name !== undefined && isSecretField(level.name);
  const isSecret = (level?.isSecret && !/^(?:name|type|id|key-?id)$/i.test(key)) || isSecretField(key) || isEntry;
  if (/^(?:true|false|null)$/.test(found) || found === '""') return found;
  if (isSecret) return JSON.stringify(by);
  if (!found.startsWith('"')) return found;
  if (found.length < 16 && isWord.test(found) && !namesEntry.test(key)) return found; // most are
  const before = JSON.parse(found) as string;
  if (level && namesEntry.test(key)) level.name = before;
  const after = redact(before);
  return after === before ? found : JSON.stringify(after);
};
