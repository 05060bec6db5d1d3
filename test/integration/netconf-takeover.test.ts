import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Device, defaultPolicy } from '../../core/inventory/schema.ts';
import { publishIntent } from '../../core/store/intents.ts';
import { newJob, putJob } from '../../core/store/jobs.ts';
import { type NetconfServer, startNetconfd } from '../../lab/netconfd/netconfd.ts';
import { commit, forever, targetOf } from '../../lab/proof/target.ts';
import type { Session, Target } from '../../runners/driver.ts';
import { netconf } from '../../runners/drivers/netconf/platform.ts';
import { StateKeeper } from '../../runners/holding/device-state.ts';
import { startRunner } from '../../runners/main.ts';
import { trialName } from '../../runners/trial-name.ts';
import { leaseForTest } from '../lease.ts';
import { natsForTest } from '../nats.ts';
import { describeWith, sshd } from '../real.ts';
import { jobAt } from '../runner.ts';

const text = (contact: string) =>
  `<config>\n  <system xmlns="urn:ietf:params:xml:ns:yang:ietf-system">\n    <contact>${contact}</contact>\n  </system>\n</config>\n`;

describeWith(['/usr/sbin/netconfd', ...sshd], 'a NETCONF device whose runner died on another machine', () => {
  let server: NetconfServer;
  let nats: Awaited<ReturnType<typeof natsForTest>>;
  let target: Target;
  beforeEach(async () => {
    [server, nats] = await Promise.all([startNetconfd(), natsForTest()]);
    target = targetOf({ platform: 'netconf', port: server.login.port }, server.login);
  });
  afterEach(async () => {
    await nats?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  /** What a runner leaves that dies in the middle of a trial: the trial, and its records on the bus. */
  const dieInTrial = async (session: Session, where: 'state' | 'job'): Promise<void> => {
    const job = newJob('r1', 'deploy');
    const name = { job: job.id, epoch: 1, sha256: 'a'.repeat(64) };
    const steps = [...job.steps, { step: 'committing' as const, startedAt: job.createdAt }];
    await putJob(nats.store, { ...job, runner: 'elsewhere', epoch: 1, state: 'committing', steps });
    const state = await StateKeeper.open(nats.store, leaseForTest('r1', 'elsewhere', 1));
    if (where === 'state') {
      const trial = { job: job.id, name: trialName(name), expiresAt: new Date(Date.now() + 600_000).toISOString() };
      await state.update({ trial });
    }
    await commit(session, text('of the dead runner'), 600, name);
    await session[Symbol.asyncDispose]();
  };

  it.each(['state', 'job'] as const)(
    'is taken back by the next runner, which learns of its trial from the %s',
    async (where) => {
      await dieInTrial(await netconf.open(target, forever), where);
      const { store } = nats;
      const entry: Device = {
        ...target.device,
        credentials: { username: 'root', key: { literal: server.login.key } },
        policy: { ...defaultPolicy, firstDeployment: 'auto' },
      };
      const logged: string[] = [];
      const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
      const inventory = { site: 'dc1', lab: true, path: '/dev/null', devices: new Map([['r1', entry]]) };
      const { knownHosts } = server.login;
      await using _runner = await startRunner({
        store,
        inventory,
        driverFor: () => netconf,
        knownHosts,
        log,
        version: 'test',
        settled: true,
      });
      const job = newJob('r1', 'deploy');
      await putJob(store, job);
      await publishIntent(store, 'r1', text(`after ${where}`), { fromSource: true, job: job.id });
      expect((await jobAt(store, job.id)).outcome).toEqual({ kind: 'applied' });
      expect(logged.join('')).toMatch(/undid the unconfirmed trial of job \w+/);
      await using session = await netconf.open(target, forever);
      expect(await session.config('running')).toContain(`after ${where}`);
      expect(await session.pending()).toBeUndefined();
    },
  );
});
