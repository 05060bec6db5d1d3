import { Glyph } from './mark.tsx';
import type { Mark, Tone } from './marks.ts';

type CountItem = { value: string; number: number; word: string; mark?: Mark; tone?: Tone };

type Props = { label: string; items: readonly CountItem[]; pressed: string; press: (value: string) => void };

/** Counts that filter: a second press lets go. */
export const CountStrip = ({ label, items, pressed, press }: Props) => (
  <section class="counts" aria-label={label}>
    {items.map(({ value, number, word, mark, tone }) => (
      <button
        key={value}
        type="button"
        class={number === 0 ? 'zero' : ''}
        aria-pressed={pressed === value}
        onClick={() => press(pressed === value ? '' : value)}
      >
        {mark && <Glyph mark={mark} tone={tone ?? ''} />}
        <b>{number}</b>
        <span>{word}</span>
      </button>
    ))}
  </section>
);
