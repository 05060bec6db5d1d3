import { DeviceState } from '../../core/bus.ts';
import { followBucket } from '../../core/store/follow.ts';
import { parseRecord } from '../../core/store/records.ts';
import type { Bgp } from '../../runners/shapes.ts';
import type { Context } from '../context.ts';
import type { Wanted } from '../inventory/devices.ts';
import type { Format } from '../output/output.ts';
import { oneLine } from '../output/text.ts';
import { showWatched } from '../output/watched.ts';
import { askEach } from './ask-each.ts';
import { type BgpRow, bgpColumns, bgpRows } from './bgp-rows.ts';
import type { Failed } from './each-device.ts';

/** From time to time, and when a runner has seen a different number of sessions up. */
const bgpNews = async function* (context: Context): AsyncGenerator<'ask'> {
  const seen = new Map<string, string>();
  for await (const news of followBucket(await context.store(), 'state', context.signal)) {
    const state = news.kind === 'put' ? parseRecord(DeviceState, news.data) : undefined;
    const now = state ? `${state.session.state} ${state.bgp?.established} ${state.bgp?.expected}` : '';
    const before = state ? seen.get(state.device) : undefined;
    if (state) seen.set(state.device, now);
    if (news.kind === 'look' || (before !== undefined && before !== now)) yield 'ask';
  }
};

/**
 * `plumb bgp --watch`. If a device does not answer, its last sessions stay, as `unknown`: no answer does not mean that
 * they are gone.
 */
export const watchBgp = async (context: Context, wanted: Wanted, output: Format): Promise<void> => {
  const quiet = { ...context, err: () => {}, exit: () => {} };
  const last = new Map<string, readonly BgpRow[]>();
  let failed: readonly Failed[] = [];
  const read = async (): Promise<BgpRow[]> => {
    const askedAt = Date.now();
    const found = await askEach<Bgp>(quiet, wanted, 'bgp');
    failed = found.filter((each) => 'error' in each);
    return found.flatMap((each) => {
      if ('error' in each) return (last.get(each.device) ?? []).map((row) => ({ ...row, lost: each.error }));
      const rows = bgpRows(each.device, each.answer, askedAt);
      last.set(each.device, rows);
      return rows;
    });
  };
  await showWatched(context, output, {
    columns: bgpColumns,
    key: ({ device, vrf, peer }) => `${device} ${vrf} ${peer}`,
    record: ({ device, vrf, peer, session, lost }) =>
      lost ? { device, vrf, peer, error: lost } : { device, vrf, peer, ...session },
    read,
    news: [bgpNews(context)],
    tellsGone: true,
    notes: () => failed.map(({ device, error }) => oneLine(`${device}: ${error.code}: ${error.detail}`)),
  });
};
