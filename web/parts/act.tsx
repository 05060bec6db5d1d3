import type { ComponentChildren } from 'preact';
import type { Permission } from '../data/types.ts';
import { mayNot } from '../session.ts';

type Props = {
  needs: Permission;
  children: ComponentChildren;
  act: () => void;
  busy?: boolean;
  /** The one answer that is asked for. */
  first?: boolean;
  /** The key that presses it. */
  name?: string;
};

/** A button for what the API lets only some do: to the others it stays in its place, dashed, and says why. */
export const Act = ({ needs, children, act, busy = false, first = false, name }: Props) => {
  const why = mayNot(needs);
  return (
    <>
      <button
        class={`btn ${first ? 'do' : ''}`}
        type="button"
        data-key={name}
        disabled={busy}
        aria-disabled={why !== '' || undefined}
        onClick={() => why === '' && act()}
      >
        {children}
      </button>
      {why !== '' && <span class="quiet">{why}</span>}
    </>
  );
};
