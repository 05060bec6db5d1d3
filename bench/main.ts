import { fileURLToPath } from 'node:url';
import { benchCommand } from './command.ts';
import { benchDeploy } from './deploy.ts';
import { diffFigures } from './diff.ts';
import { print } from './figures.ts';
import { benchLarge } from './large.ts';
import { benchLeases } from './leases/leases.ts';
import { benchLoad } from './load.ts';
import { redactFigures } from './redact.ts';
import { renderFigures } from './render.ts';
import { benchStartUp } from './start-up.ts';
import { benchTrips } from './trips/trips.ts';
import { benchViews } from './views/views.ts';

// dist/bench/main.js → the repository
const root = fileURLToPath(new URL('../../', import.meta.url));

for (const figure of diffFigures()) print(figure);
for (const figure of renderFigures()) print(figure);
for await (const figure of redactFigures()) print(figure);
await benchStartUp(root);
await benchLoad();
await benchLeases();
await benchTrips();
await benchLarge();
await benchDeploy(root);
await benchCommand();
await benchViews();
