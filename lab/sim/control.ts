import { createServer, type Server } from 'node:net';
import { createInterface } from 'node:readline';
import { defined } from '../../core/defined.ts';
import type { Faults } from './faults.ts';
import type { Sim } from './sim.ts';

/** One request on the control socket: a JSON object in one line. `device` counts from 0. */
type ControlRequest = { device?: number } & (
  | { op: 'status' | 'running' | 'startup' | 'host-key' | 'certificate' }
  | { op: 'faults'; set: { [Key in keyof Faults]?: Faults[Key] | null } }
  | { op: 'bgp'; peer: string; vrf?: string; state?: string; dead?: boolean; prefixes?: number }
  | { op: 'foreign'; kind: 'session' | 'lock' | 'none'; user?: string }
  | { op: 'reboot'; downMs?: number }
  | { op: 'advance'; seconds: number }
);

const status = (sim: Sim) => ({
  platform: sim.platform,
  ports: sim.ports,
  hostKey: sim.hostKey,
  sessions: sim.sessions,
  trial: sim.trial
    ? {
        name: sim.trial.name,
        user: sim.trial.user,
        secondsLeft: Math.round((sim.trial.expiresAt - sim.device.clock.now()) / 1000),
      }
    : null,
  logins: [...sim.device.logins].map(({ user, via, from }) => ({ user, via, from })),
  faults: sim.faults.faults,
  bgp: sim.box.bgp
    .peers()
    .map(({ vrf, address, state, prefixes, flaps }) => ({ vrf, address, state, prefixes, flaps })),
});

/** Does what a request asks of a device. @returns what there is to say */
export const control = (sim: Sim, request: ControlRequest): object => {
  switch (request.op) {
    case 'status':
      return status(sim);
    case 'running':
      return { text: sim.running };
    case 'startup':
      return { text: sim.startup };
    case 'host-key':
      sim.changeHostKey();
      return { hostKey: sim.hostKey };
    case 'certificate':
      sim.changeCertificate();
      return { certificate: sim.tls.cert };
    case 'faults':
      sim.faults.set(request.set);
      return { faults: sim.faults.faults };
    case 'bgp': {
      const { peer, vrf, state, dead, prefixes } = request;
      return { sessions: sim.box.bgp.set(peer, defined({ vrf, state, dead, prefixes })) };
    }
    case 'foreign':
      sim.box.foreign(request.kind, request.user ?? 'someone');
      return { sessions: sim.sessions };
    case 'reboot':
      sim.reboot(request.downMs ?? 0);
      return {};
    case 'advance':
      sim.device.clock.advance(request.seconds * 1000);
      return {};
    default:
      throw new Error(`no such operation: ${(request as { op?: string }).op}`);
  }
};

/** Listens on a unix socket for requests, one JSON object a line; answers each with one line. */
export const serveControl = (sims: readonly Sim[], path: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      createInterface({ input: socket }).on('line', (line) => {
        let answer: object;
        try {
          const request = JSON.parse(line) as ControlRequest;
          const sim = sims[request.device ?? 0];
          if (!sim) throw new Error(`there is no device ${request.device}; there are ${sims.length}`);
          answer = { ok: true, ...control(sim, request) };
        } catch (error) {
          answer = { ok: false, error: (error as Error).message };
        }
        socket.write(`${JSON.stringify(answer)}\n`);
      });
    });
    server.once('error', reject);
    server.listen(path, () => resolve(server));
  });
