import { emptyTree, type Node, squeeze } from './tree.ts';

// Lists whose entries FRR numbers by itself where nobody does: their order is their meaning.

const heads = [
  /^(?:(?:ip|ipv6|mac) )?access-list \S+ /,
  /^ipv?6? prefix-list \S+ /,
  /^bgp as-path access-list \S+ /,
  /^bgp (?:large-|ext)?community-list (?:(?:standard|expanded) )?\S+ /,
];

/** The words before an entry of a list, its number not among them; undefined for any other line. */
const listHead = (line: string): string | undefined =>
  heads.map((head) => head.exec(line)?.[0]).find((found) => found !== undefined);

/** Whether a line is an entry of a list, or says something of one. */
export const isListed = (line: string): boolean => listHead(line) !== undefined;

/** The lines of a text, each entry of a list with the number that FRR gives it. */
export const numbered = (text: string): string[] => {
  const last = new Map<string, number>();
  return text.split('\n').map((raw) => {
    const line = squeeze(raw);
    const head = listHead(line);
    if (head === undefined || raw.startsWith(' ')) return raw;
    const entry = /^(?:seq (\d+) )?((?:permit|deny) .*)$/.exec(line.slice(head.length));
    if (!entry) return line;
    const most = last.get(head) ?? 0;
    const number = entry[1] === undefined ? Math.floor(most / 5) * 5 + 5 : Number(entry[1]);
    last.set(head, Math.max(most, number));
    return `${head}seq ${number} ${entry[2]}`;
  });
};

// An entry costs FRR 8.4 the more, the more there are: 1,000 take it 17 s, even when it boots.
const most = 250;

/** A tree in two: the entries of its lists, and the rest. */
export const apart = (tree: Node): { lists: Node; rest: Node } => {
  const [lists, rest] = [emptyTree(), emptyTree()];
  for (const [line, child] of tree.children) (isListed(line) ? lists : rest).children.set(line, child);
  return { lists, rest };
};

/** Both in one again, the lists first. */
export const together = (lists: Node, rest: Node): Node => ({
  ...rest,
  children: new Map([...lists.children, ...rest.children]),
});

/** Whether the lists of a text or a tree are too long to be loaded once more only to look at them. */
export const areLong = (text: string, now: Node): boolean =>
  Math.max(text.split('\n').filter(isListed).length, apart(now).lists.children.size) > most;

/** A text without its lists, each line with the number that it had. */
export const withoutLists = (text: string): string =>
  text
    .split('\n')
    .map((line) => (isListed(line) ? '!' : line))
    .join('\n');
