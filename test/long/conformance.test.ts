import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const conformance = fileURLToPath(new URL('../../bin/conformance.mjs', import.meta.url));

const everywhere = ['napalm', 'netmiko', 'scrapli-cfg', 'nornir', 'ansible'];
const tried = Object.entries({
  eos: ['pyeapi', 'sftp', ...everywhere],
  ios: everywhere,
  nxos: everywhere,
  iosxr: ['ncclient', 'sftp', ...everywhere],
  junos: ['ncclient', 'junos-eznc', ...everywhere],
}).flatMap(([platform, clients]) => clients.map((client) => ({ platform, client })));

describe('clients that people use are content with the simulated devices', () => {
  let skipped: string | undefined;
  let all = '';
  let said: { platform: string; client: string; ok: boolean; error?: string }[] = [];
  beforeAll(async () => {
    const child = spawn(process.execPath, [conformance], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    all = out + err;
    skipped = /^skipped: (.+)/m.exec(out)?.[1];
    said = out.split('\n').flatMap((line) => (/^\{"platform"/.test(line) ? [JSON.parse(line)] : []));
  }, 900_000);

  it.for(tried)('$client with $platform', ({ platform, client }, { skip }) => {
    if (skipped) skip(skipped);
    const mine = said.find((one) => one.platform === platform && one.client === client);
    expect(mine, mine?.error ?? all.slice(-20_000)).toMatchObject({ ok: true });
  });
});
