import { describe, expect, it } from 'vitest';
import { change, targetOf } from '../../../../lab/proof/target.ts';
import type { Candidate } from '../../../../runners/driver.ts';
import { type SessionWays, sessionOf } from '../../../../runners/session/session.ts';

const target = targetOf({ platform: 'linux' }, { knownHosts: '' });
const link = { closed: new Promise<string>(() => {}), alive: async () => {}, [Symbol.asyncDispose]: async () => {} };
const candidate: Candidate = {
  unstable: ['hostname'],
  incomparable: '+ username ann',
  notes: ['one daemon is down'],
  diff: async () => '',
  commit: () => Promise.reject(new Error('not asked for')),
  [Symbol.asyncDispose]: async () => {},
};

const session = (loaded: string[], more: Partial<SessionWays<string>> = {}) => {
  const ways: SessionWays<string> = {
    platform: 'linux',
    run: async (talk, command) => `${talk}: ${command}`,
    load: async (_, config) => {
      loaded.push(config);
      return candidate;
    },
    pending: async () => undefined,
    saved: async () => [],
    savedConfig: async () => '',
    clean: async () => [],
    config: async () => '',
    ...more,
  };
  return sessionOf(ways, 'vty', target, link);
};

describe('a session', () => {
  it('tells all that a platform finds out by loading a text', async () => {
    const { unstable, incomparable, notes } = await session([]).load('a', 'replace', change());
    expect({ unstable, incomparable, notes }).toEqual({
      unstable: candidate.unstable,
      incomparable: candidate.incomparable,
      notes: candidate.notes,
    });
  });

  it('gives a text with LF line ends to a platform, unless that keeps bytes', async () => {
    const loaded: string[] = [];
    await session(loaded).load('a\r\nb\r\n', 'replace', change());
    await session(loaded, { keepsBytes: true }).load('a\r\n', 'replace', change());
    expect(loaded).toEqual(['a\nb\n', 'a\r\n']);
  });

  it('does one thing at a time', async () => {
    const order: string[] = [];
    let answer = (_said: string): void => {};
    const slow = new Promise<string>((resolve) => {
      answer = resolve;
    });
    const one = session([], {
      run: () => slow.finally(() => order.push('run')),
      saved: async () => {
        order.push('saved');
        return [];
      },
    });
    const both = [one.run('show version'), one.saved()];
    setImmediate(() => answer(''));
    await Promise.all(both);
    expect(order).toEqual(['run', 'saved']);
  });

  it('names what its platform has not', async () => {
    await expect(session([]).bgp()).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('linux has no BGP getter'),
    });
  });
});
