import type { Device } from '../device.ts';
import type { Io } from '../platform.ts';
import type { Candidate } from './candidate.ts';
import type { VrpAction, VrpCli } from './cli.ts';

// From Huawei's NetEngine 8000 and CloudEngine command references: "commit (All views except the user view)", "abort trial",
// "display configuration trial status". What they do not tell is said in our own words.

const inTrial = 'Error: The system is in trial configuration mode, so the configuration cannot be changed.\n';
const unknownTrial = 'Error: The trial configuration with this persist ID does not exist.\n';

/** Asks as it is said. */
export const asks = async (io: Io, question: string): Promise<boolean> =>
  /^y/i.test((await io.ask(`Warning: ${question} [Y/N]:`)) ?? '');

/** Asks before something that cannot be taken back. */
export const sure = (io: Io, question: string): Promise<boolean> => asks(io, `${question} Continue?`);

/** What a session may do with its candidate and with a trial. */
export const trialActions = (device: Device, candidates: ReadonlyMap<VrpCli, Candidate>) => {
  const record = (cli: VrpCli) =>
    device.record({ id: String(1_000_000_000 + device.nextId()), user: cli.login.user, client: 'CLI', comment: '' });

  const commit: VrpAction = async (cli, [rest = ''], io) => {
    const candidate = candidates.get(cli);
    if (!candidate) return '';
    const persist = /\bpersist (\S+)/.exec(rest)?.[1];
    const trial = /^trial\b(?: (\d+))?/.exec(rest);
    if (device.trial) {
      const own =
        persist === undefined
          ? device.trial.name === '' && device.trial.armedBy === cli.login
          : device.trial.name === persist;
      if (trial || candidate.dirty) return inTrial;
      if (!own) return persist === undefined ? inTrial : unknownTrial;
      if (await sure(io, 'The trial configuration will be confirmed.')) {
        device.disarm();
        record(cli);
      }
      return '';
    }
    if (persist !== undefined && !trial) return unknownTrial;
    const seconds = Number(trial?.[1] ?? 600);
    if (trial && (seconds < 60 || seconds > 65_535)) return "Error: Wrong parameter found at '^' position.\n";
    if (device.faults.failCommit) return `Error: ${device.faults.failCommit}\n`;
    if (device.faults.commitMs > 0) await device.clock.wait(device.faults.commitMs);
    const before = device.running;
    device.apply(candidate.merged(), cli.login.user);
    if (trial) device.arm(persist ?? '', cli.login, seconds, before);
    else record(cli);
    candidate.refresh(false);
    return trial
      ? `Info: The system enters the trial configuration mode.\nThe system will revert to previous configuration if the trial configuration is not confirmed in ${seconds} seconds.\n`
      : '';
  };

  const abort: VrpAction = async (cli, [rest = ''], io) => {
    if (!device.trial) return 'Error: The system is not in trial configuration mode.\n';
    const persist = /^persist (\S+)/.exec(rest)?.[1];
    const own = persist === undefined ? device.trial.armedBy === cli.login : device.trial.name === persist;
    if (!own) return unknownTrial;
    if (!(await sure(io, 'The trial configuration will be rolled back.'))) return '';
    device.undo();
    candidates.get(cli)?.refresh(false);
    return 'Info: The trial configuration rollback succeeded.\n';
  };

  const status: VrpAction = () => {
    const { trial } = device;
    if (!trial) return 'Trial status: INACTIVE\nTrial time left (sec): 0\n';
    const left = Math.max(0, Math.round((trial.expiresAt - device.clock.now()) / 1000));
    const id = trial.name === '' ? '' : `Persist id: ${trial.name}\n`;
    return `Trial status: ACTIVE\n${id}Trial time left (sec): ${left}\n`;
  };
  return { commit, abort, status };
};
