import type { Mark, Tone } from './marks.ts';

const line = { fill: 'none', stroke: 'currentColor' };
const over = { fill: 'var(--under, none)', stroke: 'currentColor' };

/** Every mark is drawn once, here; rows, tiles and steps refer to it. */
export const Sprite = () => (
  <svg class="vh" width="0" height="0" aria-hidden="true">
    <defs>
      <symbol id="m-sync" viewBox="0 0 12 12">
        <rect x="2" y="2" width="8" height="8" rx="1" fill="currentColor" />
      </symbol>
      <symbol id="m-out" viewBox="0 0 12 12" overflow="visible">
        <path d="M6-.6 12.6 6 6 12.6-.6 6z" fill="currentColor" />
      </symbol>
      <symbol id="m-move" viewBox="0 0 12 12">
        <circle cx="6" cy="6" r="4.4" stroke-width="2.6" {...over} />
      </symbol>
      <symbol id="m-trial" viewBox="0 0 12 12">
        <circle cx="6" cy="6" r="5" stroke-width="1.6" {...over} />
        <path d="M6 6V2.6A3.4 3.4 0 1 1 2.6 6z" fill="currentColor" />
      </symbol>
      <symbol id="m-wait" viewBox="0 0 12 12">
        <rect width="12" height="12" fill="var(--under, none)" />
        <path d="M1.5 1h3.4v10H1.5zM7.1 1h3.4v10H7.1z" fill="currentColor" />
      </symbol>
      <symbol id="m-later" viewBox="0 0 12 12">
        <rect width="12" height="12" fill="var(--under, none)" />
        <path d="M2.1 1.6h2.2v8.8H2.1zM7.7 1.6h2.2v8.8H7.7z" stroke-width="1.2" {...line} />
      </symbol>
      <symbol id="m-none" viewBox="0 0 12 12">
        <rect
          x="1.7"
          y="1.7"
          width="8.6"
          height="8.6"
          stroke-width="1.4"
          stroke-dasharray="2.3 1.9"
          stroke-dashoffset="1"
          {...line}
        />
      </symbol>
      <symbol id="m-half" viewBox="0 0 12 12">
        <path d="M1 1h5v10H1z" fill="currentColor" />
        <path d="M6 1.7h4.3v8.6H6" stroke-width="1.4" {...line} />
      </symbol>
      <symbol id="m-next" viewBox="0 0 12 12">
        <circle cx="6" cy="6" r="2.6" stroke-width="1.4" {...over} />
      </symbol>
      <symbol id="m-past" viewBox="0 0 12 12">
        <circle cx="6" cy="6" r="2.6" fill="currentColor" />
      </symbol>
      <symbol id="m-tri" viewBox="0 0 12 12">
        <path d="M4 2l4.5 4L4 10" stroke-width="1.6" {...line} />
      </symbol>
      <symbol id="m-clock" viewBox="0 0 12 12">
        <circle cx="6" cy="6" r="4.6" stroke-width="1.3" {...line} />
        <path d="M6 3.2V6l2 1.4" stroke-width="1.3" {...line} />
      </symbol>
      <symbol id="m-bob" viewBox="0 0 16 16">
        <path d="M8 0v9" stroke="currentColor" stroke-width="1.5" />
        <path d="M4.2 8.6h7.6L8 15.6z" fill="currentColor" />
      </symbol>
    </defs>
  </svg>
);

/** A mark alone, where a word stands beside it. */
export const Glyph = ({ mark, tone = '', alive = false }: { mark: Mark; tone?: Tone | ''; alive?: boolean }) => (
  <svg class={`mk ${tone && `s-${tone}`} ${alive ? 'alive' : ''}`} viewBox="0 0 12 12" aria-hidden="true">
    <use href={`#m-${mark}`} />
  </svg>
);

type BadgeProps = { mark: Mark; tone: Tone; word: string; loud?: boolean; alive?: boolean };

/** A state: a mark, a word, and only then a colour. */
export const Badge = ({ mark, tone, word, loud = false, alive = false }: BadgeProps) => (
  <span class={`st s-${tone}`}>
    <Glyph mark={mark} tone={tone} alive={alive} />
    {loud ? <b>{word}</b> : word}
  </span>
);
