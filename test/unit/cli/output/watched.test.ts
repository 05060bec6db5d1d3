import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { makeContext } from '../../../../cli/make-context.ts';
import type { Column, Format } from '../../../../cli/output/output.ts';
import { showWatched } from '../../../../cli/output/watched.ts';

type Row = { name: string; state: string; age: number };
const columns: readonly Column<Row>[] = [
  { head: 'NAME', cell: ({ name }) => name },
  { head: 'STATE', cell: ({ state }) => state },
  { head: 'AGE', cell: ({ age }) => `${age}s`, moves: true },
];
const row = (name: string, state: string, age = 1): Row => ({ name, state, age });

/** Shows one table after the other, each once the one before was read, then stops. */
const watched = async (
  tables: readonly Row[][],
  format: Format,
  terminal: { isTTY?: boolean; rows?: number; columns?: number } = {},
) => {
  const stop = new AbortController();
  let out = '';
  const stdout = { ...terminal, write: (text: string) => (out += text) };
  const io = { env: { NO_COLOR: '1' }, cwd: '/', signal: stop.signal, stdin: new PassThrough(), stderr: stdout };
  await using context = makeContext({ ...io, stdout });
  let read = () => {};
  const news = async function* () {
    for (let at = 0; at < tables.length; at++) {
      yield at;
      await new Promise<void>((resolve) => {
        read = resolve;
      });
    }
    stop.abort();
  };
  const left = [...tables];
  await showWatched(context, format, {
    columns,
    key: ({ name }) => name,
    record: ({ name, state }) => ({ name, state }),
    read: async () => {
      read();
      return left.shift() ?? tables.at(-1) ?? [];
    },
    news: [news()],
    tellsGone: true,
  });
  return out;
};

const tables = [
  [row('leaf1', 'good'), row('leaf2', 'good')],
  [row('leaf1', 'good', 2), row('leaf2', 'bad', 2)],
  [row('leaf2', 'bad', 3)],
  [row('leaf2', 'bad', 4)],
];

describe('what is watched', () => {
  it('is appended line by line where there is no terminal, what changed alone', async () => {
    const lines = (await watched(tables, 'table')).trimEnd().split('\n');
    expect(lines.slice(0, 3)).toEqual(['NAME   STATE  AGE', 'leaf1  good   1s', 'leaf2  good   1s']);
    expect(lines.slice(3).map((line) => line.replace(/^\d\d:\d\d:\d\d {2}/, ''))).toEqual([
      'leaf2  bad    2s',
      'leaf1  gone',
    ]);
  });

  it('has one head, also where there is nothing to show at first', async () => {
    const lines = (await watched([[], [], [row('leaf1', 'good')]], 'table')).trimEnd().split('\n');
    expect(lines.map((line) => line.replace(/^[\d:]{8} {2}/, ''))).toEqual(['NAME  STATE  AGE', 'leaf1  good   1s']);
  });

  it('is an object a line with JSON, on a terminal too', async () => {
    const lines = (await watched(tables, 'json', { isTTY: true })).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { name: 'leaf1', state: 'good' },
      { name: 'leaf2', state: 'good' },
      { name: 'leaf2', state: 'bad' },
      { gone: 'leaf1' },
    ]);
  });

  it('says by an ellipsis where the terminal is too narrow for the last column, and is whole once it is left', async () => {
    const out = await watched([[row('leaf1', 'good', 123_456)]], 'table', { isTTY: true, columns: 18 });
    const [drawn = '', left = ''] = out.split('\u001b[?1049l');
    expect(drawn).toContain('\nleaf1  good   123…\u001b[K');
    expect(left).toContain('leaf1  good   123456s\n');
  });

  it('is drawn as on 24 lines of 80 where a terminal does not know its size', async () => {
    const many = Array.from({ length: 30 }, (_, at) => row(`leaf${at}`, 'good'));
    const out = await watched([many], 'table', { isTTY: true, rows: 0, columns: 0 });
    expect(out).toContain('… 8 more');
    expect(out.split('\u001b[J')[0]).toContain('good   1s');
  });

  it('is drawn in place on a terminal, as far as it fits, and the last table stays with the cursor', async () => {
    const many = Array.from({ length: 10 }, (_, at) => row(`leaf${at}`, 'good'));
    const out = await watched([many, many], 'table', { isTTY: true, rows: 4 });
    expect(out.startsWith('\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[H')).toBe(true);
    const [drawn = '', left = ''] = out.split('\u001b[?7h\u001b[?25h\u001b[?1049l');
    const screens = drawn.split('\u001b[H').slice(1);
    for (const each of screens) {
      expect(each.split('\n')).toHaveLength(4);
      expect(each).toContain('… 8 more\u001b[K\u001b[J');
    }
    expect(left.trimEnd().split('\n')).toHaveLength(11);
  });
});
