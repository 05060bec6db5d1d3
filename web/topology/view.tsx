import { useMemo, useState } from 'preact/hooks';
import { kinds } from '../bgp/sessions.ts';
import { SessionTable } from '../bgp/table.tsx';
import { useSessions } from '../bgp/use-sessions.ts';
import { verdictOf } from '../bgp/verdict.ts';
import type { Device } from '../data/types.ts';
import { Failed } from '../parts/failed.tsx';
import { Head } from '../parts/head.tsx';
import { Card } from './card.tsx';
import { Drawing } from './drawing.tsx';
import { drawnOf } from './drawn.ts';
import { layoutOf } from './layout.ts';
import { Legend } from './legend.tsx';

/** What is cut, and between whom? */
export const TopologyView = ({ all }: { all: readonly Device[] }) => {
  const { sessions = [], unread, unaddressed, busy, failed, refusals, readAll } = useSessions(all);
  const [over, setOver] = useState('');
  const troubled = useMemo(
    () =>
      sessions
        .filter(({ kind }) => kind !== 'up')
        .sort((one, other) => kinds.indexOf(one.kind) - kinds.indexOf(other.kind)),
    [sessions],
  );
  const { drawn, left } = useMemo(() => drawnOf(all, troubled), [all, troubled]);
  const size = matchMedia('(max-width: 48rem)').matches ? 'narrow' : 'wide';
  const layout = useMemo(() => layoutOf(drawn, sessions, size), [drawn, sessions, size]);
  const { answer, rest } = verdictOf(sessions, unread.length, unaddressed.length);
  const edge = layout.edges.find(({ key }) => key === over);
  return (
    <>
      <Head title="Topology" answer={answer} rest={`${rest} ${left}`.trim()}>
        <button class="btn" type="button" disabled={busy} onClick={readAll}>
          {busy ? 'Reading' : 'Read all now'}
        </button>
      </Head>
      <Failed refusal={failed} />
      {[...refusals].map(([device, refusal]) => (
        <Failed key={device} refusal={refusal} />
      ))}
      <section class="topo" aria-label="Drawing" onMouseLeave={() => setOver('')}>
        <Drawing layout={layout} label={answer} hover={setOver} />
        {edge && <Card edge={edge} />}
      </section>
      <Legend />
      {troubled.length > 0 && (
        <section>
          <div class="sect">
            <h2>Not up</h2>
            <a href="/bgp">All sessions</a>
          </div>
          <SessionTable sessions={troubled} hours={24} />
        </section>
      )}
    </>
  );
};
