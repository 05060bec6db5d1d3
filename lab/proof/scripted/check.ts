import { PlumbError } from '../../../core/errors.ts';
import { didYouMean } from '../../../engines/nearest.ts';
import { type Answer, deeds, type ScriptedDevice } from './script.ts';

const keys = {
  device: ['prompts', 'config', 'answers', 'accepts', 'refusal', 'greeting'],
  answer: ['line', 'in', 'when', 'says', 'does', 'to'],
} as const satisfies { device: readonly (keyof ScriptedDevice)[]; answer: readonly (keyof Answer)[] };

const unknown = (what: string, found: string, known: readonly string[]): string[] =>
  known.includes(found) ? [] : [`${what}: there is no "${found}"${didYouMean(found, known)}`];

const inAnswer = (answer: Answer, at: number, modes: readonly string[]): string[] => {
  const what = `answer ${at + 1} (${String(answer.line)})`;
  return [
    ...Object.keys(answer).flatMap((key) => unknown(what, key, keys.answer)),
    ...[answer.does ?? []].flat().flatMap((deed) => unknown(what, deed, deeds)),
    ...[answer.in, answer.to].flatMap((mode) => (mode === undefined ? [] : unknown(`${what}, mode`, mode, modes))),
  ];
};

/** What is not understood would be a device that answers otherwise than is meant. @throws PlumbError `invalid_request` */
export const checkScript = (device: ScriptedDevice): void => {
  const modes = Object.keys(device.prompts);
  const problems = [
    ...Object.keys(device).flatMap((key) => unknown('the device', key, keys.device)),
    ...(modes.length === 0 ? ['the device: it has no prompt'] : []),
    ...device.answers.flatMap((answer, at) => inAnswer(answer, at, modes)),
    ...(device.answers.some(({ does }) => [does].flat().includes('try'))
      ? []
      : ['no answer does "try": it has no trial']),
  ];
  if (problems.length > 0) throw new PlumbError('invalid_request', `the scripted device: ${problems.join('; ')}`);
};
