import { describe, expect, it } from 'vitest';
import { ask } from '../../../../core/store/ask.ts';
import { getJob, newJob } from '../../../../core/store/jobs.ts';
import { sha256 } from '../../../../core/store/payload.ts';
import { FakeDevice } from '../../../fake-device.ts';
import { natsForTest } from '../../../nats.ts';
import { runnerForTest, stateWhen } from '../../../runner.ts';
import { storeJob } from '../../../stored.ts';

const content = Buffer.from('password canary\n');
const whole = { path: '/etc/motd', size: content.length, sha256: sha256(content) };

/** Says that it has files; its session has none. */
class WithFiles extends FakeDevice {
  override get driver() {
    const { capabilities, ...driver } = super.driver;
    return { ...driver, capabilities: { ...capabilities, files: true } };
  }
}

const unsupported = { code: 'unsupported', message: expect.stringContaining('cannot transfer single files') };

describe('a file that is asked for or sent', () => {
  it('is refused at once where the platform has no files', async () => {
    await using nats = await natsForTest();
    const { store } = nats;
    await using _runner = await runnerForTest(store, new FakeDevice('hostname leaf1\n'));
    await stateWhen(store, ({ session }) => session.state === 'connected');
    await expect(ask(store, 'leaf1', 'file-get', { path: '/etc/motd' })).rejects.toMatchObject(unsupported);
    const part = { ...whole, offset: 0, content: '' };
    await expect(ask(store, 'leaf1', 'file-put', part)).rejects.toMatchObject(unsupported);
  });

  it.each([
    ['file-get', { path: '/etc/motd' }],
    ['file-put', { ...whole, offset: 0, content: '' }],
    ['bgp-detail', {}],
  ] as const)('ends the job of a %s that the platform cannot do at once', async (verb, payload) => {
    await using nats = await natsForTest();
    const { store } = nats;
    await using _runner = await runnerForTest(store, new FakeDevice('hostname leaf1\n'));
    await stateWhen(store, ({ session }) => session.state === 'connected');
    const job = newJob('leaf1', verb);
    await storeJob(store, job);
    await expect(ask(store, 'leaf1', verb, payload, { job: job.id })).rejects.toMatchObject({ code: 'unsupported' });
    expect(await getJob(store, job.id)).toMatchObject({ state: 'finished', outcome: { code: 'unsupported' } });
  });

  it('is refused where it is another one than was said, or where a part is missing', async () => {
    await using nats = await natsForTest();
    const { store } = nats;
    await using _runner = await runnerForTest(store, new WithFiles('hostname leaf1\n'));
    await stateWhen(store, ({ session }) => session.state === 'connected');
    const put = (more: object, job?: string) =>
      ask(
        store,
        'leaf1',
        'file-put',
        { ...whole, offset: 0, content: content.toString('base64'), ...more },
        job ? { job } : {},
      );
    await expect(put({})).rejects.toMatchObject(unsupported); // by the session
    await expect(put({ sha256: sha256('another') })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('the received file has another SHA-256'),
    });
    await expect(put({ mode: 'rwx' })).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(put({ size: 64 * 1024 * 1024 })).rejects.toMatchObject({ code: 'invalid_request' });

    const job = newJob('leaf1', 'file-put');
    await storeJob(store, job);
    const part = content.subarray(0, 5).toString('base64');
    expect(await put({ content: part }, job.id)).toEqual({ received: 5 });
    await expect(put({ content: part, offset: 9 }, job.id)).rejects.toMatchObject({
      message: expect.stringContaining('start again'),
    });
    expect(await getJob(store, job.id, 'leaf1')).toMatchObject({
      state: 'finished',
      outcome: { kind: 'failed', code: 'invalid_request' },
    });
  });
});
