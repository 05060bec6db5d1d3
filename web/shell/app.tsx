import { ActivityView } from '../activity/view.tsx';
import { BgpView } from '../bgp/view.tsx';
import { devices } from '../data/devices.ts';
import { connection } from '../data/live.ts';
import { DeviceView } from '../device/view.tsx';
import { FleetView } from '../fleet/view.tsx';
import { Sprite } from '../parts/mark.tsx';
import { RunView } from '../run/view.tsx';
import { person, session } from '../session.ts';
import { TopologyView } from '../topology/view.tsx';
import { FirstVisit } from './first-visit.tsx';
import { Help } from './help.tsx';
import { Login } from './login.tsx';
import { LostLine } from './lost.tsx';
import { place } from './route.ts';
import { StatusLine } from './status-line.tsx';
import { Tabs, TopBar } from './top-bar.tsx';

const View = () => {
  const { path } = place.value;
  const all = devices.value;
  if (!all)
    return (
      <p class="loading" role="status">
        <span class="load" aria-hidden="true" /> reading the devices
      </p>
    );
  if (all.size === 0) return <FirstVisit />;
  const device = /^\/devices\/([^/]+)$/.exec(path)?.[1];
  if (device !== undefined) return <DeviceView key={device} name={device} device={all.get(device)} />;
  if (path === '/activity') return <ActivityView />;
  const list = [...all.values()];
  if (path === '/topology') return <TopologyView all={list} />;
  if (path === '/bgp') return <BgpView all={list} />;
  if (path === '/run') return <RunView all={list} />;
  return <FleetView all={list} />;
};

/** The page. */
export const App = () => (
  <>
    <Sprite />
    {session.value === undefined && <Login />}
    {person.value && (
      <>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <TopBar />
        <LostLine />
        <main id="main" class={connection.value.kind === 'lost' ? 'is-stale' : ''}>
          <View />
        </main>
        <StatusLine />
        <Tabs />
        <Help />
      </>
    )}
  </>
);
