import { useMemo, useState } from 'preact/hooks';
import { Text } from '../parts/text.tsx';
import { type Marked, type Pair, pairsOf, stacked } from './pairs.ts';
import { type Hunk, parseDiff } from './parse.ts';

const mostLines = 2_000;

const Words = ({ line: { kind, text, from, to } }: { line: Marked }) => {
  if (from >= to) return <Text>{text}</Text>;
  const part = <Text>{text.slice(from, to)}</Text>;
  return (
    <>
      <Text>{text.slice(0, from)}</Text>
      {kind === 'add' ? <ins>{part}</ins> : <del>{part}</del>}
      <Text>{text.slice(to)}</Text>
    </>
  );
};

const signs = { add: '+', del: '−', same: '' } as const;
const toneOf = (line: Marked) => (line.kind === 'same' ? '' : line.kind);

const unified = (pairs: readonly Pair[]) =>
  stacked(pairs).map((line, row) => (
    <tr key={row}>
      <td class={`n ${toneOf(line)}`}>{line.before}</td>
      <td class={`n ${toneOf(line)}`}>{line.after}</td>
      <td class={`g ${toneOf(line)}`}>{signs[line.kind]}</td>
      <td class={toneOf(line)}>
        <Words line={line} />
      </td>
    </tr>
  ));

const Half = ({ line, number, mid = '' }: { line: Marked | undefined; number: number | undefined; mid?: string }) => {
  const tone = line ? toneOf(line) : 'gap';
  return (
    <>
      <td class={`n ${mid} ${tone}`}>{number}</td>
      <td class={`g ${tone}`}>{line && signs[line.kind]}</td>
      <td class={tone}>{line && <Words line={line} />}</td>
    </>
  );
};

const sideBySide = (pairs: readonly Pair[]) =>
  pairs.map(({ before, after }, row) => (
    <tr key={row}>
      <Half line={before} number={before?.before} />
      <Half line={after} number={after?.after} mid="mid" />
    </tr>
  ));

/** The columns of each layout, by class: `n` numbers, `g` signs, '' text. */
const layouts = {
  unified: { columns: ['n', 'n', 'g', ''], rows: unified },
  side: { columns: ['n', 'g', '', 'n', 'g', ''], rows: sideBySide },
} as const;

const Table = ({ hunks, layout }: { hunks: readonly Hunk[]; layout: keyof typeof layouts }) => {
  const { columns, rows } = layouts[layout];
  return (
    <table>
      <colgroup>
        {columns.map((kind, at) => (
          <col key={at} class={kind} />
        ))}
      </colgroup>
      {hunks.map(({ section, lines }, at) => (
        <tbody key={at}>
          {section !== '' && (
            <tr class="sec">
              <td colSpan={columns.length}>
                <Text>{section}</Text>
              </td>
            </tr>
          )}
          {rows(pairsOf(lines))}
        </tbody>
      ))}
    </table>
  );
};

/** The first lines of a long difference. */
const firstOf = (hunks: readonly Hunk[], lines: number): Hunk[] => {
  let room = lines;
  return hunks.flatMap((hunk) => {
    const shown = hunk.lines.slice(0, Math.max(0, room));
    room -= hunk.lines.length;
    return shown.length > 0 ? [{ ...hunk, lines: shown }] : [];
  });
};

type Props = { diff: string; layout: keyof typeof layouts };

/** A difference as a device told it, by sections, with the changed words of changed lines marked. */
export const Difference = ({ diff, layout }: Props) => {
  const hunks = useMemo(() => parseDiff(diff), [diff]);
  const [whole, setWhole] = useState(false);
  const all = hunks.reduce((sum, { lines }) => sum + lines.length, 0);
  const shown = whole || all <= mostLines ? hunks : firstOf(hunks, mostLines);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, also by keyboard */}
      <section class={`diff ${layout === 'unified' ? 'uni' : ''}`} tabIndex={0} aria-label="Difference">
        <Table hunks={shown} layout={layout} />
      </section>
      {shown !== hunks && (
        <p class="more">
          <button class="btn" type="button" onClick={() => setWhole(true)}>
            Show all {all} lines
          </button>
        </p>
      )}
    </>
  );
};
