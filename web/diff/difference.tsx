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

const Section = ({ text, span }: { text: string; span: number }) => (
  <tr class="sec">
    <td colSpan={span}>
      <Text>{text}</Text>
    </td>
  </tr>
);

const Unified = ({ hunks }: { hunks: readonly Hunk[] }) => (
  <table>
    <colgroup>
      <col class="n" />
      <col class="n" />
      <col class="g" />
      <col />
    </colgroup>
    {hunks.map(({ section, lines }, at) => (
      <tbody key={at}>
        {section !== '' && <Section text={section} span={4} />}
        {stacked(pairsOf(lines)).map((line, row) => (
          <tr key={row}>
            <td class={`n ${toneOf(line)}`}>{line.before}</td>
            <td class={`n ${toneOf(line)}`}>{line.after}</td>
            <td class={`g ${toneOf(line)}`}>{signs[line.kind]}</td>
            <td class={toneOf(line)}>
              <Words line={line} />
            </td>
          </tr>
        ))}
      </tbody>
    ))}
  </table>
);

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

const Row = ({ pair: { before, after } }: { pair: Pair }) => (
  <tr>
    <Half line={before} number={before?.before} />
    <Half line={after} number={after?.after} mid="mid" />
  </tr>
);

const SideBySide = ({ hunks }: { hunks: readonly Hunk[] }) => (
  <table>
    <colgroup>
      <col class="n" />
      <col class="g" />
      <col />
      <col class="n" />
      <col class="g" />
      <col />
    </colgroup>
    {hunks.map(({ section, lines }, at) => (
      <tbody key={at}>
        {section !== '' && <Section text={section} span={6} />}
        {pairsOf(lines).map((pair, row) => (
          <Row key={row} pair={pair} />
        ))}
      </tbody>
    ))}
  </table>
);

/** The first lines of a long difference. */
const firstOf = (hunks: readonly Hunk[], lines: number): Hunk[] => {
  let room = lines;
  return hunks.flatMap((hunk) => {
    const shown = hunk.lines.slice(0, Math.max(0, room));
    room -= hunk.lines.length;
    return shown.length > 0 ? [{ ...hunk, lines: shown }] : [];
  });
};

type Props = { diff: string; layout: 'side' | 'unified' };

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
        {layout === 'unified' ? <Unified hunks={shown} /> : <SideBySide hunks={shown} />}
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
