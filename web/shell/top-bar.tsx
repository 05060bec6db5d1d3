import { leave } from '../data/who.ts';
import { person } from '../session.ts';
import { Beat } from './beat.tsx';
import { place } from './route.ts';
import { turnTheme } from './theme.ts';
import { views } from './views.ts';

const Links = () => {
  const { path } = place.value;
  return (
    <>
      {views.map(({ href, name, covers }) => (
        <a key={href} href={href} aria-current={covers(path) ? 'page' : undefined}>
          <span>{name}</span>
        </a>
      ))}
    </>
  );
};

/** The views by name, the theme, and the way out. */
export const TopBar = () => (
  <header class="bar">
    <a class="brand" href="/">
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <use href="#m-bob" />
      </svg>
      Plumbline
    </a>
    <nav class="views" aria-label="Views">
      <Links />
    </nav>
    <div class="bar-end">
      <Beat short />
      <button class="btn bare tog" type="button" onClick={turnTheme} aria-label="Light or dark">
        <svg viewBox="0 0 12 12" aria-hidden="true">
          <circle cx="6" cy="6" r="5" fill="none" stroke="currentColor" stroke-width="1.4" />
          <path d="M6 1a5 5 0 0 1 0 10z" fill="currentColor" />
        </svg>
      </button>
      {person.value && <span class="hide-s m">{person.value.name}</span>}
      <button class="btn bare" type="button" onClick={leave}>
        Log out
      </button>
    </div>
  </header>
);

/** The same views under the thumb, on a narrow screen. */
export const Tabs = () => (
  <nav class="tabs" aria-label="Views, below">
    <Links />
  </nav>
);
