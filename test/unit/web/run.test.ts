import { describe, expect, it } from 'vitest';
import type { Refusal } from '../../../web/data/refusal.ts';
import { type Answer, alike, verdictOf } from '../../../web/run/answers.ts';

const said = (device: string, output: string): Answer => ({ device, kind: 'said', output });
const refusal = { code: 'no_runner', message: 'leaf9: no runner holds it', hint: '' } as Refusal;
const answers = [said('leaf1', 'a'), said('leaf2', 'b'), said('leaf3', 'a')];

describe('answers of many devices', () => {
  it('that are equal are one, the rarest first', () => {
    expect(alike(answers)).toEqual([
      { output: 'b', devices: ['leaf2'] },
      { output: 'a', devices: ['leaf1', 'leaf3'] },
    ]);
  });

  it.each([
    [answers, 3, 'leaf2 differs from 2 that answer alike.', ''],
    [answers.slice(0, 1), 1, 'One device answered.', ''],
    [answers.slice(0, 2), 2, '2 devices answer, each differently.', ''],
    [[said('a', 'x'), said('b', 'x')], 4, '2 devices answer alike.', '2 of 4 devices have not answered yet.'],
    [[{ device: 'leaf9', kind: 'failed', refusal } as const], 1, 'No device answered.', '1 did not answer.'],
    [[], 2, 'Asking 2 devices.', '2 of 2 devices have not answered yet.'],
  ])('are told in a sentence, with who did not answer', (given, asked, answer, rest) => {
    expect(verdictOf(given, asked)).toEqual({ answer, rest });
  });
});
