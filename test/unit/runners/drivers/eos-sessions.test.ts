import { describe, expect, it } from 'vitest';
import { clock } from '../../../../runners/drivers/eos/candidate.ts';
import { lineRules } from '../../../../runners/drivers/eos/config.ts';
import { eapiCommands } from '../../../../runners/drivers/eos/eapi.ts';
import { readSessions } from '../../../../runners/drivers/eos/sessions.ts';
import { configLines } from '../../../../runners/session/text/config-lines.ts';

describe('the listing of configuration sessions', () => {
  it('tells of a trial in the state of its session up to 4.31', () => {
    const listed = readSessions({
      maxSavedSessions: 1,
      maxOpenSessions: 5,
      sessions: {
        capi: { state: 'pending', commitUser: '', instances: { '1234': { user: 'bob', terminal: 'vty3' } } },
        trial: { state: 'pendingCommitTimer', commitUser: 'alice', commitBy: 4711.5, instances: {} },
      },
    });
    expect(listed).toEqual([
      { name: 'capi', state: 'pending', owner: 'bob on vty3', commitBy: undefined },
      { name: 'trial', state: 'trial', owner: 'alice', commitBy: 4711.5 },
    ]);
  });

  it('tells of it at its head from 4.32 on, even when the session is not listed any more', () => {
    const head = { commitTimerSessionName: 'trial', commitTimerExpireTime: 4711 };
    expect(readSessions({ ...head, sessions: { trial: { state: 'committed' } } })).toMatchObject([
      { name: 'trial', state: 'trial', commitBy: 4711 },
    ]);
    expect(readSessions({ ...head, sessions: {} })).toMatchObject([{ name: 'trial', state: 'trial' }]);
    expect(readSessions({ commitTimerSessionName: '', sessions: { a: { state: 'committed' } } })).toMatchObject([
      { name: 'a', state: 'completed' },
    ]);
  });
});

describe('configuration lines for eAPI', () => {
  it('carry what reads further lines as input, verbatim, with the line of the file', () => {
    const text = [
      'banner motd',
      '  Zürich !',
      '! kept',
      '',
      'EOF',
      '! dropped',
      'management security',
      '   !! one',
      '   !! two',
      '   protocol https certificate',
      'cert',
      'EOF',
      'key',
      'EOF',
      'end',
    ].join('\n');
    expect(eapiCommands(configLines(text, lineRules)).map(({ command, number }) => [number, command])).toEqual([
      [1, { cmd: 'banner motd', input: '  Zürich !\n! kept\n\nEOF\n' }],
      [7, 'management security'],
      [8, { cmd: 'comment', input: 'one\ntwo\nEOF\n' }],
      [10, { cmd: 'protocol https certificate', input: 'cert\nEOF\nkey\nEOF\n' }],
    ]);
  });

  it('get a timer in hours, minutes and seconds', () => {
    expect([5, 180, 3725].map(clock)).toEqual(['00:00:05', '00:03:00', '01:02:05']);
  });
});
