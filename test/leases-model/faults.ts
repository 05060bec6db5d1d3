import type { Draft } from './drafts.ts';
import type { ModelRunner } from './runner.ts';
import type { World } from './world.ts';

/** What can happen. Each is called to begin it, and says for how many milliseconds it may go on. */
export const faultsOf = (world: World, draft: Draft) => {
  const { events, chance, store } = world;
  const { between, happens } = chance;
  const inMs = (ms: number, work: () => void) => events.at(events.nowMs + ms, work);
  const any = (): ModelRunner => {
    const [one = world.alive[0]] = world.alive.slice(chance.below(world.alive.length));
    if (!one) throw new Error('no runner is alive');
    return one;
  };

  /** Whether another one than this goes on: without one, nobody would be left to hold anything. */
  const hasOthers = (but: ModelRunner): boolean =>
    world.alive.some((one) => one !== but && !one.isLeaving && !one.tenure.isDraining);

  const reconnectAll = () => {
    for (const runner of world.alive) {
      const reconnect = () => {
        if (!runner.isAlive) return;
        const laterMs = Math.max(runner.cutMs, runner.pausedMs);
        if (laterMs > events.nowMs) events.at(laterMs + 100, reconnect);
        else runner.reconnected();
      };
      inMs(between(50, 1_000), reconnect);
    }
  };
  const down = (ms: number): number => {
    store.isUp = false;
    store.boot++;
    store.hearers.clear();
    for (const runner of world.alive) if (runner.cutMs <= events.nowMs) runner.disconnected();
    inMs(ms, () => {
      store.isUp = true;
      store.boot++;
      world.log('the store is up');
      reconnectAll();
    });
    return ms;
  };
  const cut = (runner: ModelRunner, ms: number) => {
    runner.cutMs = Math.max(runner.cutMs, events.nowMs + ms);
  };
  const pause = (runner: ModelRunner, ms: number) => {
    runner.pausedMs = Math.max(runner.pausedMs, events.nowMs + ms);
  };
  const power = (): number => {
    const count = Math.floor(between(1, happens(0.5) ? 6 : 40));
    world.log(`the store loses power and ${count} entries`);
    store.losePower(count);
    return down(between(100, 3_000));
  };

  return {
    pause: () => {
      const runner = any();
      const ms = between(1_000, 30_000);
      pause(runner, ms);
      world.log(`${runner.name} is paused for ${ms.toFixed()} ms`);
      return ms;
    },
    cut: () => {
      const runner = any();
      const ms = between(1_000, 40_000);
      cut(runner, ms);
      world.log(`${runner.name} is cut off for ${ms.toFixed()} ms`);
      if (happens(0.5))
        inMs(ms + 10, () => {
          if (runner.isAlive && runner.pausedMs <= events.nowMs && store.isUp) runner.reconnected();
        });
      return ms;
    },
    crash: () => {
      const runner = any();
      world.crash(runner);
      if (happens(0.6) || !hasOthers(runner)) inMs(between(500, 15_000), () => world.start());
      return 15_000;
    },
    stuck: () => {
      const runner = any();
      world.log(`the watch of ${runner.name} is stuck`);
      runner.isStuck();
      return 20_000;
    },
    restart: () => {
      world.log('the store restarts');
      return down(between(200, 20_000));
    },
    power,
    powerAtClaim: () => {
      store.onClaim = () => {
        store.onClaim = () => {};
        inMs(between(0, 400), () => void (store.isUp && power()));
      };
      if (happens(0.7) && world.alive.length > 1) {
        world.crash(any());
        inMs(between(500, 15_000), () => world.start());
      }
      return 30_000;
    },
    flicker: () => {
      const runner = any();
      const ms = between(9_300, 11_300);
      cut(runner, ms);
      world.log(`${runner.name} flickers: cut off for ${ms.toFixed()} ms, back for a moment, paused`);
      inMs(ms + between(0, 600), () => {
        pause(runner, between(5_000, 25_000));
      });
      return ms + 25_000;
    },
    restore: () => {
      world.log('the store is restored from an older copy');
      store.restore();
      return down(between(100, 12_000));
    },
    wipe: () => {
      world.log('the store is deleted');
      store.empty();
      if (happens(0.5)) world.records.clear();
      return down(between(100, 12_000));
    },
    remove: () => {
      world.log('the bucket is deleted and made anew');
      store.empty(draft.twoStreams ? (key) => key.startsWith('runner.') : undefined);
      return 1_000;
    },
    halt: () => {
      const ms = between(1_000, 20_000);
      world.log(`the store stands still for ${ms.toFixed()} ms`);
      store.stoppedMs = events.nowMs + ms;
      return ms;
    },
    slow: () => {
      const ms = between(2_000, 15_000);
      store.slowMs = events.nowMs + ms;
      return ms;
    },
    leave: () => {
      const runner = any();
      if (!hasOthers(runner) || runner.isLeaving) return 0;
      world.log(`${runner.name} leaves`);
      runner.leave();
      inMs(1_000, () => {
        if (runner.isAlive) runner.die();
      });
      return 20_000;
    },
    drain: () => {
      const runner = any();
      if (!hasOthers(runner) || runner.tenure.isDraining) return 0;
      world.log(`${runner.name} drains`);
      runner.drain(between(1_000, 20_000));
      return 25_000;
    },
    join: () => {
      if (world.alive.length < 4) world.start();
      return 1_000;
    },
  };
};
