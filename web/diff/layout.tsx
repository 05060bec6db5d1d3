import { go, place, withQuery } from '../shell/route.ts';

const layouts = [
  ['side', 'Side by side'],
  ['unified', 'Unified'],
] as const;

type Layout = (typeof layouts)[number][0];

/** Beside each other, unless there is nothing on one of the sides, or no room for two. */
export const layoutOf = ({ add, del }: { add: number; del: number }): Layout => {
  if (matchMedia('(max-width: 48rem)').matches) return 'unified';
  const asked = place.value.query.get('layout');
  if (asked === 'side' || asked === 'unified') return asked;
  return add > 0 && del > 0 ? 'side' : 'unified';
};

/** Turns differences from one layout to the other. */
export const LayoutButtons = ({ layout }: { layout: Layout }) => (
  <div class="seg hide-s">
    {layouts.map(([value, word]) => (
      <button
        key={value}
        type="button"
        aria-pressed={layout === value}
        onClick={() => go(withQuery({ layout: value }), 'replace')}
      >
        {word}
      </button>
    ))}
  </div>
);
