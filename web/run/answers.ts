import type { Refusal } from '../data/refusal.ts';
import { count, listed } from '../words/words.ts';

/** What one device answered. */
export type Answer = { device: string } & ({ kind: 'said'; output: string } | { kind: 'failed'; refusal: Refusal });

/** Devices that answered the same, to the letter. */
export type Alike = { output: string; devices: string[] };

/** Equal answers as one, the rarest first: what is unlike the rest is what one looks for. */
export const alike = (answers: readonly Answer[]): Alike[] => {
  const groups = new Map<string, string[]>();
  for (const answer of answers) {
    if (answer.kind !== 'said') continue;
    groups.set(answer.output, [...(groups.get(answer.output) ?? []), answer.device]);
  }
  return [...groups]
    .map(([output, devices]) => ({ output, devices }))
    .sort((one, other) => one.devices.length - other.devices.length);
};

/** Who answers differently? */
export const verdictOf = (answers: readonly Answer[], asked: number): { answer: string; rest: string } => {
  const groups = alike(answers);
  const failed = answers.filter(({ kind }) => kind === 'failed').length;
  const missing = asked - answers.length;
  const rest = [
    missing > 0 && `${missing} of ${count(asked, 'device')} ${missing === 1 ? 'has' : 'have'} not answered yet.`,
    failed > 0 && `${failed} did not answer.`,
  ].filter(Boolean);
  const told = (answer: string) => ({ answer, rest: rest.join(' ') });
  if (answers.length === 0) return told(`Asking ${count(asked, 'device')}.`);
  if (groups.length === 0) return told('No device answered.');
  const most = groups.at(-1)?.devices.length ?? 0;
  const others = groups.slice(0, -1).flatMap(({ devices }) => devices);
  if (others.length === 0) return told(most === 1 ? 'One device answered.' : `${most} devices answer alike.`);
  if (most === 1) return told(`${count(groups.length, 'device')} answer, each differently.`);
  const names = others.length <= 4 ? listed(others) : count(others.length, 'device');
  return told(`${names} ${others.length === 1 ? 'differs' : 'differ'} from ${most} that answer alike.`);
};
