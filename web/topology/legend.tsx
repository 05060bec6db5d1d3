import type { ComponentChildren } from 'preact';
import { Glyph } from '../parts/mark.tsx';

const Line = ({ of, children }: { of: string; children?: ComponentChildren }) => (
  <svg class="ln topo-line" viewBox="0 0 28 8" aria-hidden="true">
    <path class={`e ${of}`} d="M0 4h28" />
    {children}
  </svg>
);

/** What the lines of the drawing mean. */
export const Legend = () => (
  <div class="legend">
    <span class="st">
      <Line of="plain" /> up
    </span>
    <span class="st">
      <Line of="on" /> up, one end on trial
    </span>
    <span class="st">
      <Line of="down">
        <path class="x" d="M11 1l6 6m0-6l-6 6" />
      </Line>{' '}
      down
    </span>
    <span class="st">
      <Glyph mark="half" tone="wait" /> one side only
    </span>
    <span class="st">
      <Line of="na" /> unknown, or switched off
    </span>
    <span class="st">
      <Glyph mark="next" tone="none" /> outside: no device here has the address, as far as addresses have been read
    </span>
  </div>
);
