import type { Mode } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import type { IntentHead } from '../../core/store/intents.ts';
import type { Trial } from '../driver.ts';
import type { DeviceContext } from '../holding/device-context.ts';
import type { JobRecord } from '../holding/job-record.ts';
import type { Before } from './checks/checks.ts';
import type { LastUndo } from './checks/last-undo.ts';
import type { Ended } from './outcome.ts';
import type { TrialContext } from './trial/context.ts';
import type { ForeignLines } from './trial/foreign-lines.ts';

/** What an approval names: the intent, and the running configuration that it was diffed against. */
export type Approval = { intent: string; running: string };

/** One run of the lifecycle: what is to be deployed, on what, and by whose word. */
export type Deployment = DeviceContext & {
  lastUndo: LastUndo;
  record: JobRecord;
  /** The text as published, and its hash. */
  body: Uint8Array;
  sha256: string;
  mode: Mode;
  dryRun: boolean;
  /** The reason for overriding the guards, where someone gave one. */
  force: string | undefined;
  /** Whether the diff waits for an approval, and the one that was given. */
  manual: boolean;
  approval: Approval | undefined;
  /** Aborts on cancel as well. */
  signal: AbortSignal;
  /** A newer intent, where one has come: asked until the commit. */
  newer: () => IntentHead | undefined;
};

/** What was committed, and what it is compared with. */
type OnTrial = {
  context: TrialContext;
  before: Before;
  /** Parts of the change take effect this much later. */
  lateMs: number;
  foreign: ForeignLines;
};

export type Committed =
  | (OnTrial & { kind: 'committed'; trial: Trial })
  /** The commit answered with an error or not at all: what it did is not known yet. */
  | (OnTrial & { kind: 'unanswered'; error: PlumbError });

/** How a deployment ended, or that its diff waits for an approval. */
export type Deployed =
  | { kind: 'awaiting'; approval: Approval }
  | ({ kind: 'ended'; runningSha256: string | undefined } & Ended);

/** To be asked before each write to the device. @throws what stops the deployment */
export const mayGoOn = ({ signal, newer, lease, device }: Deployment): void => {
  signal.throwIfAborted();
  if (newer()) throw new PlumbError('superseded', `${device.name}: a newer text arrived before this one took effect`);
  lease.assert();
};
