import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { eos } from '../../../runners/drivers/eos.ts';
import { type Bench, bench } from '../../drivers/sim.ts';
import { forever } from '../../drivers/target.ts';

const config = 'hostname r1\n!\nend\n';

describe('the certificate of an eAPI server', () => {
  let device: Bench;
  const start = async () => {
    device = await bench(eos, 'eapi', { platform: 'eos', config });
    return device;
  };
  const openWith = ({ target }: Bench, options: Record<string, unknown>) =>
    eos.open({ ...target, device: { ...target.device, options } }, forever);
  afterEach(() => device[Symbol.asyncDispose]());

  it('is refused when nobody pinned it, with the fingerprint to compare', async () => {
    const seen = new X509Certificate((await start()).sim.tls.cert).fingerprint256;
    await expect(openWith(device, {})).rejects.toMatchObject({
      code: 'host_key_unknown',
      hint: expect.stringContaining(seen),
    });
  });

  it('is refused when another one is pinned, before the password is sent', async () => {
    await start();
    const requests: string[] = [];
    device.sim.device.plan.step = (command) => {
      requests.push(command);
      return undefined;
    };
    await expect(openWith(device, { tlsFingerprint: 'AA:'.repeat(31).concat('AA') })).rejects.toMatchObject({
      code: 'host_key_changed',
    });
    expect(requests).toEqual([]);
  });

  it('is accepted by its pin in any spelling', async () => {
    const seen = new X509Certificate((await start()).sim.tls.cert).fingerprint256;
    const spelling = `sha256:${seen.replaceAll(':', '').toLowerCase()}`;
    await using session = await openWith(device, { tlsFingerprint: spelling });
    expect(await session.config('running')).toContain('hostname r1');
  });

  it('is checked against a CA file', async () => {
    const { sim, target } = await start();
    const ca = join(dirname(target.knownHosts), 'ca.pem');
    await writeFile(ca, sim.tls.cert);
    await using session = await openWith(device, { tlsCa: ca });
    expect(await session.config('running')).toContain('hostname r1');
  });

  it('is not asked of a lab without TLS, only where the inventory says so', async () => {
    await start();
    await expect(openWith(device, { http: true })).rejects.toMatchObject({
      code: expect.stringMatching(/^(?:unreachable|timeout)$/),
    });
  });
});
