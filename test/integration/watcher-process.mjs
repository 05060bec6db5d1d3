// A watcher as a process of its own, for those who kill it: node watcher-process.mjs FOLDER SOURCE
// [COUNT]. Prints events as JSON lines; with COUNT it is killed once it has published so many.
import { join } from 'node:path';
import { loadInventory } from '../../dist/core/inventory/inventory.js';
import { connectNats } from '../../dist/core/store/server/connect.js';
import { openStore } from '../../dist/core/store/store.js';
import { openFiles } from '../../dist/watcher/files/files.js';
import { openGit } from '../../dist/watcher/git/git.js';
import { startWatcher } from '../../dist/watcher/main.js';

const [folder = '.', kind, count] = process.argv.slice(2);
let published = 0;
const nc = await connectNats({ url: process.env.NATS_URL ?? '', name: 'watcher to be killed' });
const store = await openStore(nc, 'dc1');
const options = { folder, inventory: join(folder, 'inventory.yml'), loadInventory };
const source = await (kind === 'git' ? openGit(options) : openFiles(options));
const onEvent = ({ kind: happened, device }) => {
  process.stdout.write(`${JSON.stringify({ kind: happened, device })}\n`);
  if (happened === 'published' && ++published === Number(count)) process.kill(process.pid, 'SIGKILL');
};
const watcher = startWatcher({ store, source, onEvent });
await watcher.ready;
process.stdout.write('{"kind":"ready"}\n');
process.once('SIGTERM', async () => {
  await watcher[Symbol.asyncDispose]();
  await nc.close();
});
await watcher.ended;
