import { forever, targetOf } from '../../lab/proof/target.ts';
import type { Driver, Session } from '../../runners/driver.ts';
import { sshServer } from '../unit/runners/transports/ssh-server.ts';
import { exchangesOf, password, stepsOf } from './replay.ts';
import { RecordedRouter, type Translate } from './replay-router.ts';

/** What the recorded client did: a whole configuration, committed. */
export const replace = 'replace_diff_and_commit';
/** What the recorded client did: two lines, given up. */
export const merge = 'merge_diff_and_abort';

/** Logs our driver in to a recorded device by SSH. `name` stands for the name that the recorded client chose. */
export const onRecorded = async (
  driver: Driver,
  recording: string,
  name: string,
  translate: Translate,
  options: Record<string, unknown> = {},
) => {
  const steps = stepsOf(`${recording}.yaml`, name);
  const routers: RecordedRouter[] = [];
  const server = await sshServer({
    shell: (channel) => {
      const router = new RecordedRouter(steps, translate);
      routers.push(router);
      channel.pipe(router).pipe(channel);
    },
  });
  const target = targetOf(
    { platform: driver.platform, transport: 'ssh', port: server.port, options },
    { knownHosts: server.options.knownHosts ?? '', username: 'boxen', password },
  );
  const session: Session = await driver.open(target, forever);
  return {
    session,
    exchanges: exchangesOf(steps),
    unknown: () => routers.flatMap((router) => router.unknown),
    recorded: () => routers.reduce((sum, router) => sum + router.recorded, 0),
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
};

/** The recorded client set another width than ours does. */
export const widths: Translate = (line) => (line === 'terminal width 511' ? 'terminal width 512' : undefined);

/** What ours types before all else on EOS: the recorded client had set its terminal up before it became privileged. */
export const eosTerminal: Translate = (line, before) =>
  before.includes('enable') ? undefined : line.startsWith('terminal ') ? { say: '% Invalid input' } : undefined;
