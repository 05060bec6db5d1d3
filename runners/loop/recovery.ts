import type { Intent } from '../../core/store/intents.ts';
import { getJob } from '../../core/store/jobs.ts';
import type { DeviceContext } from '../holding/device-context.ts';
import { attempted } from '../holding/own-trials.ts';
import { closeOrphans, noteFound, recoverDevice } from '../holding/recover.ts';
import type { LastUndo } from '../lifecycle/checks/last-undo.ts';

/** What earlier holders, or we before a failure, left on the device and in its records: resolved once, and again when it is due. */
export class Recovery {
  readonly #context: () => DeviceContext;
  readonly #lastUndo: LastUndo;
  readonly #cutOff: (job: string) => void;
  /** Nothing of ours can be on the device that was not looked at. */
  done = false;
  /** What is looked for from now on is what this runner itself may have left. */
  #again = false;
  /** What was found and done last. */
  #lines: readonly string[] = [];
  /** Jobs that were ended, and of which it is not known what became of their trial. */
  #unseen: readonly string[] = [];

  /** @param cutOff takes the job that had committed when its holder was lost */
  constructor(context: () => DeviceContext, lastUndo: LastUndo, cutOff: (job: string) => void) {
    this.#context = context;
    this.#lastUndo = lastUndo;
    this.#cutOff = cutOff;
  }

  /** @returns what was found and done, now or before */
  async run(): Promise<readonly string[]> {
    if (this.done) return this.#lines;
    const context = this.#context();
    const { warm, lease, device, log, store, state } = context;
    const names = () => attempted(store, state.value);
    // its own first: an id that was given by hand may stand for jobs of several devices
    const madeFor = async (job: string) =>
      ((await getJob(store, job, device.name)) ?? (await getJob(store, job)))?.device;
    const lines = await warm.use((session) => recoverDevice(session, lease, names, madeFor), {
      what: 'a search for leftovers on the device',
      urgent: this.#again,
    });
    this.#again = true;
    for (const line of lines) log.info({ device: device.name }, line);
    if (lines.some((line) => line.startsWith('undid'))) this.#lastUndo.note(undefined);
    const { trial } = state.value;
    if (trial) {
      this.#cutOff(trial.job);
      await state.update({ trial: null });
    }
    if (lines.length > 0) this.#lines = lines;
    this.done = true;
    await noteFound(context, this.#unseen, lines);
    this.#unseen = [];
    return this.#lines;
  }

  /** Ends the records that earlier holders left open. @param keep the jobs that are about to be taken up again */
  async closeOrphans(keep: readonly (string | undefined)[], newest: Intent | undefined): Promise<void> {
    this.#unseen = await closeOrphans(this.#context(), keep, newest, () => this.run());
  }
}
