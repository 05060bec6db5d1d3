import type { Blocked, DeviceState, Generation, Hold } from '../bus.ts';
import { whyUnclear } from '../intent/meta.ts';
import type { Intent } from '../store/intents.ts';

/** The part of a device's record that this state machine keeps. */
export type Held = Pick<DeviceState, 'attempt' | 'blocked' | 'hand' | 'said' | 'hold'>;

/** The newest text on a device's subject. `unclear`: why its headers are not accepted; '' if they are. */
export type Newest = {
  generation: Generation;
  fromSource: boolean;
  dryRun: boolean;
  forced: boolean;
  unclear?: string;
};

export const newestOf = ({ generation, meta }: Intent): Newest => ({
  generation,
  fromSource: meta.fromSource ?? false,
  dryRun: meta.dryRun ?? false,
  forced: meta.force !== undefined,
  unclear: whyUnclear(meta),
});

/** SHA-256 of what the source holds; null: no text, undefined: not known. */
export type Source = string | null | undefined;

/** The entry that blocks this text. */
export const blockOf = ({ blocked }: Pick<Held, 'blocked'>, sha256: string | undefined): Blocked | undefined =>
  blocked.find((entry) => entry.sha256 === sha256);

/** Whether someone said `hold`: then nothing is deployed, whatever its text. */
export const isStopped = ({ hold }: Pick<DeviceState, 'hold'>): boolean => hold !== undefined && hold !== null;

/**
 * For a held device: by whom, since when, why, and what ends it.
 *
 * @param beside the reason shown with it: a `resume` that it already names is not named twice
 */
export const whyStopped = ({ reason, by, at }: Hold, device: string, beside = ''): string => {
  const resume = `\`plumb resume ${device}\``;
  const held = `held by ${by} since ${at.slice(0, 19)}Z: ${reason}`;
  return beside.includes(resume) ? held : `${held}; ${resume} ends it`;
};

/** Whether someone must act before the newest text, or the source's text, is deployed. */
export const isHeld = (state: Pick<DeviceState, 'blocked' | 'hand' | 'hold' | 'intent'>): boolean =>
  isStopped(state) || state.hand !== null || blockOf(state, state.intent?.generation.sha256) !== undefined;

/** What `resume` names: the text of the source, or undefined where none is known. */
export const sourceText = (newest: Newest | undefined, source: Source): string | undefined =>
  source ?? (newest?.fromSource && source === undefined ? newest.generation.sha256 : undefined);
