import { killsOnPlatforms } from '../kills/platforms.ts';
import { killsOnRouters } from '../kills/routers.ts';

// A few of the kills of test/long/, at the steps where a device is between two configurations.
killsOnRouters(3, ['committing', 'checking', 'confirming']);
killsOnPlatforms(
  [{ title: 'committing, some way into it', moment: (index) => ({ step: 'committing', writes: 1 + (index % 7) }) }],
  false,
);
