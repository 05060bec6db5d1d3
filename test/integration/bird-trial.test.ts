import { renameSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { commit } from '../../lab/proof/target.ts';
import { describeWith, sshd } from '../real.ts';
import { birdForTests } from './bird-lab.ts';

describeWith(['/usr/sbin/bird', ...sshd], 'a trial on BIRD that something gets in the way of', () => {
  const birds = birdForTests();
  const { open, file, routes, before, candidates } = birds;
  const after = () => birds.lab.text({ routes: ['10.7.0.0/24'] });
  const theirs = () => birds.lab.text({ routes: ['10.6.0.0/24'] });

  it('boots the old file when the daemon is killed, and the trial is over', async () => {
    const { trial } = await commit(await open(), after(), 300);
    await birds.lab.restart();
    const session = await open();
    expect(await routes(session)).toContain('10.9.0.0/24');
    expect(file()).toBe(before());
    expect(await session.pending()).toBeUndefined();
    expect(await session.config('running')).toBe(before());
    await expect(trial.confirm()).rejects.toMatchObject({ code: 'commit_failed' });
    expect(file()).toBe(before());
    await session.clean(2);
    expect((await session.saved())[0]).toMatchObject({ outcome: 'undone' });
  });

  it.each(['"%F"', '"%d.%m.%Y %H:%M"', 'iso long'])(
    'that was undone by its timer is not taken for a confirmed one, with timeformat base %s',
    async (format) => {
      const coarse = (text: string) => `timeformat base ${format};\n${text}`;
      writeFileSync(birds.lab.config, coarse(before()));
      const first = await open();
      await first.run('configure');
      const session = await open(); // as after the death of the first
      const { trial } = await commit(first, coarse(after()), 4);
      expect(await session.pending()).toMatchObject({ name: trial.name, phase: 'armed' });
      await expect.poll(() => session.run('configure status'), { timeout: 20_000 }).not.toMatch(/unconfirmed/);
      expect(await routes(session)).toContain('10.9.0.0/24');
      expect(await session.pending()).toBeUndefined();
      expect(await session.config('running')).toBe(coarse(before()));
      await expect(trial.confirm()).rejects.toMatchObject({ code: 'commit_failed' });
      expect(file()).toBe(coarse(before()));
    },
  );

  it('is put in place where its confirm was cut off before or after the file was', async () => {
    const { trial } = await commit(await open(), after(), 300);
    await (await open()).run('configure confirm'); // as far as the confirm came
    const waits = await (await open()).pending();
    expect(waits).toMatchObject({ name: trial.name, phase: 'confirmed' });
    renameSync(`${birds.lab.config}.${trial.name}`, birds.lab.config); // and this far
    expect(await (await open()).pending()).toMatchObject({ name: trial.name, phase: 'confirmed' });
    await waits?.confirm();
    expect(file()).toBe(after());
    const session = await open();
    expect(await session.pending()).toBeUndefined();
    expect((await session.saved())[0]).toMatchObject({ outcome: 'applied' });
    expect(candidates()).toEqual([]);
  });

  it('is over when a stranger loads the file again, and is neither confirmed nor undone over it', async () => {
    const { trial } = await commit(await open(), after(), 300);
    writeFileSync(birds.lab.config, theirs());
    const session = await open();
    await session.run('configure');
    expect(await session.pending()).toBeUndefined();
    await expect(trial.confirm()).rejects.toMatchObject({ code: 'commit_failed' });
    await trial.undo();
    expect(await routes(session)).toContain('10.6.0.0/24');
    expect(file()).toBe(theirs());
  });

  it('is not ended for a stranger who has a trial of his own on top of ours', async () => {
    const { trial } = await commit(await open(), after(), 300);
    writeFileSync(birds.lab.config, theirs());
    const session = await open();
    await session.run('configure timeout 300');
    const waits = await session.pending();
    expect(waits).toMatchObject({ job: undefined });
    await expect(trial.confirm()).rejects.toMatchObject({ code: 'commit_failed' });
    await expect(waits?.undo()).rejects.toMatchObject({ code: 'undo_failed' });
    expect(await routes(session)).toContain('10.6.0.0/24');
    expect(await session.run('configure status')).toMatch(/unconfirmed/);
    await session.run('configure confirm');
  });
});
