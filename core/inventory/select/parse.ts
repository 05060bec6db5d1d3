import { PlumbError } from '../../errors.ts';

/** A condition on a device. `key` undefined: its name. */
export type Selector =
  | { kind: 'is'; key: string | undefined; pattern: string }
  | { kind: 'not'; of: Selector }
  | { kind: 'and' | 'or'; of: readonly Selector[] };

type Token = { kind: 'word' | 'quoted' | 'sign' | 'end'; text: string; at: number };

const token = /\s*(?:(?<sign>!=|[=!,()])|"(?<quoted>[^"]*)"|(?<word>(?:[^\s=!,()"[]|\[[^\]\s]*\])+)|(?<end>$))/y;

/** Far deeper than anyone means. */
const mostNested = 100;

const describe = ({ kind, text }: Token): string => (kind === 'end' ? 'the end' : `"${text}"`);

const refuse = (expression: string, what: string, at: number): never => {
  throw new PlumbError('invalid_request', `selector "${expression}": ${what}, at character ${at + 1}`, {
    hint: "names, globs and key=value, joined by !, `,` (and), or: 'role=leaf, !leaf3 or spine*'; docs/selectors.md",
  });
};

const tokens = (expression: string): Token[] => {
  const found: Token[] = [];
  token.lastIndex = 0;
  for (let at = 0; at <= expression.length; at = token.lastIndex) {
    const match = token.exec(expression);
    if (!match?.groups) {
      const rest = /\S/.exec(expression.slice(at))?.[0];
      return refuse(expression, rest === '"' ? 'a " that is not closed' : `"${rest}" is not understood`, at);
    }
    const { sign, quoted, word } = match.groups;
    const text = sign ?? quoted ?? word;
    const kind = sign ? 'sign' : quoted !== undefined ? 'quoted' : word ? 'word' : 'end';
    found.push({ kind, text: text ?? '', at: match.index + match[0].length - (text?.length ?? 0) });
    if (kind === 'end') break;
  }
  return found;
};

/**
 * Reads a selector. From the tightest to the loosest: `key=value`, `!` or `not`, `,` or `and`, `or`; parentheses group.
 *
 * @throws PlumbError `invalid_request` that says what is wrong at which character
 */
export const parseSelector = (expression: string): Selector => {
  const queue = tokens(expression);
  let next = queue.shift() as Token;
  const take = (): Token => {
    const taken = next;
    next = queue.shift() ?? taken;
    return taken;
  };
  const sees = (...texts: string[]) => (next.kind === 'sign' || next.kind === 'word') && texts.includes(next.text);
  const text = (what: string): string => {
    if (sees('and', 'or', 'not') || (next.kind !== 'word' && next.kind !== 'quoted')) {
      return refuse(expression, `expected ${what}, found ${describe(next)}`, next.at);
    }
    return take().text;
  };
  const term = (): Selector => {
    const first = text('a name or key=value');
    if (!sees('=', '!=')) return { kind: 'is', key: undefined, pattern: first };
    const differs = take().text === '!=';
    const is: Selector = { kind: 'is', key: first, pattern: text(`a value of ${first}`) };
    return differs ? { kind: 'not', of: is } : is;
  };
  let depth = 0;
  const unary = (): Selector => {
    depth += 1;
    if (depth > mostNested) return refuse(expression, `more than ${mostNested} ( and ! inside each other`, next.at);
    const found = unaryOf();
    depth -= 1;
    return found;
  };
  const unaryOf = (): Selector => {
    if (sees('!', 'not')) {
      take();
      return { kind: 'not', of: unary() };
    }
    if (!sees('(')) return term();
    const { at } = take();
    const inner = either();
    if (!sees(')')) return refuse(expression, 'a ( that is not closed', at);
    take();
    return inner;
  };
  const all = (): Selector => {
    const of = [unary()];
    while (sees(',', 'and')) {
      take();
      of.push(unary());
    }
    return of.length === 1 && of[0] ? of[0] : { kind: 'and', of };
  };
  const either = (): Selector => {
    const of = [all()];
    while (sees('or')) {
      take();
      of.push(all());
    }
    return of.length === 1 && of[0] ? of[0] : { kind: 'or', of };
  };
  const whole = either();
  if (next.kind === 'end') return whole;
  const what = sees(')') ? 'a ) without a (' : `expected "," or "or", found ${describe(next)}`;
  return refuse(expression, what, next.at);
};
