import { signal } from '@preact/signals';

type Place = { path: string; query: URLSearchParams };

const here = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search) });

/** Where the person is; the address line says the same. */
export const place = signal(here());

/** @param how `replace`: a step that "back" need not return to, such as each letter of a filter */
export const go = (href: string, how: 'push' | 'replace' = 'push'): void => {
  if (how === 'replace') history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  const { path } = place.peek();
  place.value = here();
  if (path !== place.peek().path) scrollTo(0, 0);
};

/** The same place with another query; an empty value takes a parameter out. */
export const withQuery = (changes: Record<string, string>): string => {
  const { path, query } = place.peek();
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  return text === '' ? path : `${path}?${text}`;
};

/** Links inside of the page change the view, and load nothing. */
export const followLinks = (): void => {
  addEventListener('popstate', () => {
    place.value = here();
  });
  addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const href = link?.getAttribute('href');
    if (!href?.startsWith('/') || link?.hasAttribute('target')) return;
    event.preventDefault();
    go(href);
  });
};
