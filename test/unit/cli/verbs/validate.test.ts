import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PlumbError } from '../../../../core/errors.ts';
import { natsForTest } from '../../../nats.ts';
import { type Answers, holderOf } from '../holder.ts';
import { plumb, repository } from '../terminal.ts';

let nats: Awaited<ReturnType<typeof natsForTest>>;
let repo: Awaited<ReturnType<typeof repository>>;
let holder: AsyncDisposable | undefined;

beforeAll(async () => {
  nats = await natsForTest();
});
afterAll(() => nats[Symbol.asyncDispose]());
beforeEach(async () => {
  repo = await repository();
});
afterEach(async () => {
  await holder?.[Symbol.asyncDispose]();
  holder = undefined;
  await repo[Symbol.asyncDispose]();
});

const validate = async (rules: string, answers: Answers) => {
  holder = await holderOf(nats.store, ['leaf1'], answers);
  await writeFile(join(repo.folder, 'checks.yml'), rules);
  return plumb(repo.folder, ['validate', join(repo.folder, 'checks.yml'), 'leaf1'], { nats: nats.url });
};
const addresses = { lo: { ipv4: { '10.255.0.1': { prefix_length: 32 } } } };

describe('plumb validate', () => {
  it('compares the addresses and the session details that a device tells now', async () => {
    const rules =
      '- get_interfaces_ip: {lo: {ipv4: {10.255.0.1: {prefix_length: 24}}}}\n- get_bgp_neighbors_detail: {global: {"65000": {list: [{up: true}]}}}\n';
    const { code, out } = await validate(rules, {
      'interfaces-ip': () => ({ 'interfaces-ip': addresses }),
      'bgp-detail': () => ({ 'bgp-detail': { global: { '65000': [{ up: true }] } } }),
    });
    expect(out).toMatch(/^leaf1 +get_interfaces_ip +no +lo\.ipv4\.10\.255\.0\.1\.prefix_length is 32, expected 24$/m);
    expect(out).toMatch(/^leaf1 +get_bgp_neighbors_detail +yes/m);
    expect(code).toBe(1);
  });

  it('refuses a getter that nobody knows, and skips those that only NAPALM asks for', async () => {
    const unknown = await validate('- get_fact: {a: b}\n', {});
    expect(unknown).toMatchObject({
      code: 2,
      err: expect.stringContaining('get_fact: no such getter; did you mean "get_facts"'),
    });
    await holder?.[Symbol.asyncDispose]();
    const known = await validate('- get_vlans: {a: b}\n', {});
    expect(known.out).toMatch(/^leaf1 +get_vlans +skipped/m);
    expect(known.code).toBe(0);
  });

  it('skips the getter that the platform does not have, and no other failure', async () => {
    const rules = '- get_bgp_neighbors_detail: {global: {}}\n- get_interfaces_ip: {lo: {}}\n';
    const skipped = await validate(rules, { 'interfaces-ip': () => ({ 'interfaces-ip': addresses }) });
    expect(skipped.out).toMatch(/^leaf1 +get_bgp_neighbors_detail +skipped +NotImplemented$/m);
    expect(skipped.code).toBe(0);
    await holder?.[Symbol.asyncDispose]();
    const away = () => {
      throw new PlumbError('unreachable', 'leaf1: no route to host');
    };
    const failed = await validate(rules, { 'interfaces-ip': away, 'bgp-detail': away });
    expect(failed.err).toContain('leaf1: no route to host');
    expect(failed.code).toBe(1);
  });
});
