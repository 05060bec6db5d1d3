import { describe, expect, it } from 'vitest';
import { type Head, type View, whatWins } from '../../../../watcher/publishing/what-wins.ts';

const head = (over: Partial<Head> = {}): Head => ({
  stream: 'a',
  seq: 7,
  at: '2026-01-02T00:00:00.000000000Z',
  sha256: 'ours',
  fromSource: true,
  commit: undefined,
  job: 'job',
  ...over,
});
const view = (over: Partial<View> = {}): View => ({
  content: 'ours',
  head: head(),
  recorded: 'ours',
  agreed: 'ours',
  blocked: [],
  tried: undefined,
  seen: undefined,
  ...over,
});
const took = (sha256: string): View['blocked'][number] => ({ sha256, why: 'cancelled', since: earlier });
const byHand = head({ sha256: 'hand', fromSource: false });
const message = (seq: number, at: string, stream = 'a') => ({ stream, seq, at });
const tried = (seq: number, at: string, stream = 'a'): View['tried'] => ({
  generation: { ...message(seq, at, stream), sha256: 'tried' },
  job: 'j',
  at,
  outcome: 'applied',
  count: 1,
});
const earlier = '2026-01-01T00:00:00.000000000Z';
const later = '2026-01-03T00:00:00.000000000Z';
const ahead = '2099-01-01T00:00:00.000000000Z';

describe('what a watcher does about a device', () => {
  it.each<[string, View, ReturnType<typeof whatWins>]>([
    ['nothing was ever published', view({ head: undefined }), 'publish'],
    ['the stream holds the same text', view(), 'agree'],
    ['the same text was published by hand', view({ head: head({ fromSource: false }) }), 'agree'],
    ['the source changed', view({ content: 'new' }), 'publish'],
    ['it starts, and the stream holds an older text', view({ content: 'new', agreed: undefined }), 'publish'],
    ['someone published by hand', view({ head: byHand }), 'hold'],
    ['someone published by hand while it was down', view({ head: byHand, agreed: undefined }), 'hold'],
    ['someone published by hand and nothing is recorded', view({ head: byHand, recorded: undefined }), 'hold'],
    ['the source changed after a publish by hand', view({ head: byHand, content: 'new' }), 'publish'],
    ['it changed while the watcher was down', view({ head: byHand, content: 'new', agreed: undefined }), 'publish'],
    ['the file came back', view({ head: byHand, recorded: null, agreed: undefined }), 'publish'],
    ['the hand-made text was given up', view({ head: byHand, blocked: [took('hand')] }), 'publish'],
    ['another hand-made text was given up', view({ head: byHand, blocked: [took('other')] }), 'hold'],
    ['it was given up, and so was our own', view({ head: byHand, blocked: [took('hand'), took('ours')] }), 'publish'],
    [
      'it was given up, and our source is behind',
      view({ head: byHand, blocked: [took('hand')], recorded: 'new' }),
      'hold',
    ],
    [
      'what another one published was taken back, and is not in the source',
      view({ head: head({ sha256: 'theirs' }), blocked: [took('theirs')] }),
      'publish',
    ],
    [
      'what another one published was taken back, and our source is behind',
      view({ head: head({ sha256: 'theirs' }), blocked: [took('theirs')], recorded: 'theirs' }),
      'overtaken',
    ],
    [
      'what both published was taken back, and they do not fight',
      view({ head: head({ sha256: 'theirs' }), blocked: [took('theirs'), took('ours')] }),
      'overtaken',
    ],
    ['another watcher recorded newer content', view({ head: byHand, recorded: 'new' }), 'hold'],
    ['another watcher published', view({ head: head({ sha256: 'theirs' }) }), 'overtaken'],
    [
      'the stream went back in time',
      view({ head: head({ ...message(5, earlier), sha256: 'old' }), seen: message(8, later) }),
      'publish',
    ],
    [
      'a hand-made text came back in time',
      view({ head: { ...byHand, ...message(5, earlier) }, seen: message(8, later) }),
      'publish',
    ],
    ['the runner tried a newer text', view({ head: head(message(5, earlier)), tried: tried(8, later) }), 'publish'],
    ['the runner tried a newer text in a stream that is gone', view({ tried: tried(1, later, 'gone') }), 'publish'],
    ["the server's clock was ahead when the runner tried", view({ tried: tried(6, ahead) }), 'agree'],
    ['it was ahead, and the stream was made anew', view({ tried: tried(6, ahead, 'gone') }), 'agree'],
    ["the server's clock was ahead when it was seen", view({ head: byHand, seen: message(6, ahead) }), 'hold'],
    ['the stored text cannot be read', view({ head: head({ sha256: '' }) }), 'publish'],
    [
      'the timestamp is not known yet',
      view({ head: head({ at: '' }), tried: tried(8, later), seen: message(8, later) }),
      'agree',
    ],
  ])('when %s', (_, given, decision) => {
    expect(whatWins(given)).toBe(decision);
  });
});
