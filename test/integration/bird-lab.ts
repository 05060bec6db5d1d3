import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type BirdLab, startBirds } from '../../lab/bird/bird.ts';
import { forever, targetOf } from '../../lab/proof/target.ts';
import type { Session, Target } from '../../runners/driver.ts';
import { bird } from '../../runners/drivers/bird/platform.ts';

/** A BIRD for the tests of a `describe`: each begins with the lab's own text in force, and leaves no session and no candidate. */
export const birdForTests = () => {
  let lab: BirdLab;
  let target: Target;
  const opened: Session[] = [];
  const open = async () => {
    const session = await bird.open(target, forever);
    opened.push(session);
    return session;
  };
  const candidates = () => readdirSync(dirname(lab.config)).filter((name) => name.includes('plumb-'));

  beforeAll(async () => {
    lab = await startBirds();
    const options = { config: lab.config, socket: lab.socket };
    target = targetOf({ platform: 'bird', port: lab.login.port, options }, lab.login);
  });
  beforeEach(async () => {
    writeFileSync(lab.config, lab.text());
    await (await open()).run('configure');
  });
  afterEach(async () => {
    await (await open()).clean(1_000);
    for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
    expect(candidates()).toEqual([]);
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  return {
    open,
    candidates,
    get lab() {
      return lab;
    },
    before: () => lab.text(),
    file: () => readFileSync(lab.config, 'utf8'),
    routes: (session: Session) => session.run('show route protocol s4'),
  };
};
