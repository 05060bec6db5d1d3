import { writeFileSync } from 'node:fs';
import { it } from 'vitest';
import { Hints } from '../../../../watcher/git/hints.ts';
import { makeFolder } from '../site.ts';

it('what happens while the folders are watched anew is told all the same', async () => {
  await using folder = await makeFolder([]);
  let hints: Hints | undefined;
  await new Promise<void>((resolve) => {
    hints = new Hints([folder.folder], resolve);
    writeFileSync(folder.path('plumb-hint'), ''); // a push, while the one before it is being read
    hints.rearm();
  });
  hints?.close();
});
