import { render } from 'preact';
import { startClock } from './data/clock.ts';
import { startLive } from './data/live.ts';
import { learnWho } from './data/who.ts';
import { App } from './shell/app.tsx';
import { helpOpen, startKeys } from './shell/keys.ts';
import { followLinks, go } from './shell/route.ts';
import { startTheme, turnTheme } from './shell/theme.ts';
import { views } from './shell/views.ts';

startTheme();
startClock();
followLinks();
startKeys([
  ...views.map(({ href, press, name }) => ({ press: `g ${press}`, does: name, run: () => go(href) })),
  { press: 't', does: 'light or dark', run: turnTheme },
  { press: '?', does: 'keys', run: () => (helpOpen.value = true) },
]);
startLive();
void learnWho();
render(<App />, document.body);
