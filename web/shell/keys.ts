import { signal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';

/** What a key does where the person is, told in the status line and in the list of keys. */
type Key = { press: string; does: string; run: () => void; quiet?: boolean };

/** The keys of the view that is shown. */
export const viewKeys = signal<readonly Key[]>([]);

/** The keys of a view, for as long as it is shown. @param inputs what they depend on */
export const useKeys = (keys: () => readonly Key[], inputs: readonly unknown[]): void =>
  // before the next key can be pressed
  useLayoutEffect(() => {
    viewKeys.value = keys();
    return () => {
      viewKeys.value = [];
    };
  }, inputs);

/** The list of keys is open. */
export const helpOpen = signal(false);

/** Letters are for this element, and are no keys of the page. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const prefixMs = 1_500;

/** Listens for the keys of the shell and of the view; `g f` is two of them, one after the other. */
export const startKeys = (shellKeys: readonly Key[]): void => {
  let prefix = '';
  let prefixAt = 0;
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === 'Escape' && event.target instanceof HTMLElement && isTyping(event.target)) {
      event.target.blur();
      return;
    }
    if (isTyping(event.target)) return;
    const fresh = prefix !== '' && performance.now() - prefixAt < prefixMs;
    const pressed = fresh ? `${prefix} ${event.key}` : event.key;
    prefix = '';
    if (pressed === 'g') {
      prefix = 'g';
      prefixAt = performance.now();
      return;
    }
    const found = [...viewKeys.peek(), ...shellKeys].find(({ press }) => press === pressed);
    if (!found) return;
    event.preventDefault();
    found.run();
  });
};
