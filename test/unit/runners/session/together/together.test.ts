import { describe, expect, it } from 'vitest';
import { PlumbError } from '../../../../../core/errors.ts';
import { sendTogether } from '../../../../../runners/session/together/send-together.ts';
import { turns } from '../../../../../runners/session/together/turns.ts';

/** Takes what is sent, each write a list. */
const fakeDialogue = () => {
  const writes: string[][] = [];
  const refused = new PlumbError('rejected', 'no such thing');
  return {
    writes,
    send: async (line: string) => {
      writes.push([line]);
      return `did ${line}`;
    },
    showAll: async (lines: readonly string[]) => {
      writes.push([...lines]);
      return lines.map((line) => ({ said: `shows ${line}`, refused: line.includes('bad') ? refused : undefined }));
    },
  };
};

describe('lines of several callers', () => {
  it('go together where they only print, and in their order', async () => {
    const dialogue = fakeDialogue();
    const send = sendTogether(dialogue);
    const all = [
      send('show a'),
      send('show bad'),
      send('show bad', { unchecked: true }),
      send('commit'),
      send('show b'),
    ];
    const told = await Promise.allSettled(all);
    expect(told.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message))).toEqual([
      'shows show a',
      'no such thing',
      'shows show bad',
      'did commit',
      'shows show b',
    ]);
    expect(dialogue.writes).toEqual([['show a', 'show bad', 'show bad'], ['commit'], ['show b']]);
  });

  it('fit into what a terminal keeps for a program that does not read', async () => {
    const dialogue = fakeDialogue();
    const send = sendTogether(dialogue);
    await Promise.all(Array.from({ length: 30 }, (_, at) => send(`show ${at} ${'x'.repeat(150)}`)));
    expect(Math.max(...dialogue.writes.map((lines) => lines.join('\n').length))).toBeLessThan(2_100);
    expect(dialogue.writes.flat()).toHaveLength(30);
  });
});

describe('turns on a session', () => {
  it('let reads run together, and whoever changes something alone, past nobody', async () => {
    const { alone, together } = turns();
    const told: string[] = [];
    const work = (name: string) => async () => {
      told.push(`${name} begins`);
      await new Promise(setImmediate);
      told.push(`${name} ends`);
      if (name === 'read 1') throw new Error('lost');
    };
    const all = [together(work('read 1')), together(work('read 2')), alone(work('change')), together(work('read 3'))];
    await Promise.allSettled(all);
    expect(told).toEqual([
      'read 1 begins',
      'read 2 begins',
      'read 1 ends',
      'read 2 ends',
      'change begins',
      'change ends',
      'read 3 begins',
      'read 3 ends',
    ]);
  });
});
