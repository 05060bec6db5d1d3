import { useLayoutEffect, useRef } from 'preact/hooks';
import { helpOpen, viewKeys } from './keys.ts';
import { Press } from './status-line.tsx';
import { views } from './views.ts';

/** The list of keys: those of this view, then those that work everywhere. */
export const Help = () => {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (helpOpen.value) dialog.current?.showModal();
    else dialog.current?.close();
  }, [helpOpen.value]);
  const keys = [
    ...viewKeys.value,
    ...views.map(({ press, name }) => ({ press: `g ${press}`, does: name.toLowerCase() })),
    { press: 't', does: 'light or dark' },
    { press: '?', does: 'this list' },
  ];
  return (
    <dialog class="help" ref={dialog} onClose={() => (helpOpen.value = false)} aria-labelledby="help-title">
      <h2 id="help-title">Keys</h2>
      <dl class="keys-list">
        {keys.map(({ press, does }) => (
          <>
            <dt>
              <Press press={press} />
            </dt>
            <dd>{does}</dd>
          </>
        ))}
      </dl>
      <form method="dialog">
        <button class="btn" type="submit">
          Close
        </button>
      </form>
    </dialog>
  );
};
