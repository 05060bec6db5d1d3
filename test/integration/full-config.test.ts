import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type BirdLab, startBirds } from '../../lab/bird/bird.ts';
import { type NetconfServer, startNetconfd } from '../../lab/netconfd/netconfd.ts';
import { change, commit, forever, targetOf } from '../../lab/proof/target.ts';
import type { Session, Target } from '../../runners/driver.ts';
import { bird } from '../../runners/drivers/bird/platform.ts';
import { netconf } from '../../runners/drivers/netconf/platform.ts';
import { describeWith, sshd } from '../real.ts';

const numbered = (count: number, line: (n: number) => string) =>
  Array.from({ length: count }, (_, at) => `${line(at + 1)}\n`).join('');

describeWith(['/usr/sbin/bird', ...sshd], 'a whole BIRD file', () => {
  let lab: BirdLab;
  let target: Target;
  let session: Session;
  const routes = (count: number) =>
    `protocol static many {\n  ipv4;\n${numbered(count, (n) => `  route 10.${n >> 8}.${n & 255}.0/24 blackhole; # Zürich 東京 ${n}`)}}\n`;
  const whole = (count: number) =>
    `# who we are\n/* two lines,\n   one brace { */\n${lab.text({ description: 'Zürich 東京 # { ; no comment' })}\n\t\n${routes(count)}`;

  beforeAll(async () => {
    lab = await startBirds();
    const options = { config: lab.config, socket: lab.socket };
    target = targetOf({ platform: 'bird', port: lab.login.port, options }, lab.login);
    session = await bird.open(target, forever);
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    await lab[Symbol.asyncDispose]();
  });

  it('of 20,000 lines runs to the letter, comments and other scripts and all, and is equal to itself', async () => {
    const text = whole(20_000);
    await (await commit(session, text, 120)).trial.confirm();
    expect(readFileSync(lab.config, 'utf8')).toBe(text);
    await using again = await session.load(text, 'replace', change());
    expect(await again.diff()).toBe('');
    await expect(session.load(text.replaceAll('\n', '\r\n'), 'replace', change())).rejects.toMatchObject({
      code: 'rejected',
      hint: expect.stringContaining('carriage return'),
    });
  });

  it('is refused with line 15,000 named, below comments', async () => {
    const lines = whole(20_000).split('\n');
    lines[14_999] = '  rout 10.0.0.0/24 blackhole;';
    const before = readFileSync(lab.config, 'utf8');
    await expect(session.load(lines.join('\n'), 'replace', change())).rejects.toMatchObject({
      code: 'rejected',
      line: 15_000,
      message: expect.stringMatching(/^r1: line 15000: "rout 10\.0\.0\.0\/24 blackhole;": /),
    });
    expect(readFileSync(lab.config, 'utf8')).toBe(before);
  });
});

describeWith(['/usr/sbin/netconfd', ...sshd], 'a whole configuration by NETCONF', () => {
  let server: NetconfServer;
  const opened: Session[] = [];
  const open = async () => {
    const session = await netconf.open(
      targetOf({ platform: 'netconf', port: server.login.port }, server.login),
      forever,
    );
    opened.push(session);
    return session;
  };
  const text = (count: number, more = '') =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<!-- of Zürich -->\n<config>\n  <system xmlns="urn:ietf:params:xml:ns:yang:ietf-system">\n    <contact>Zürich 東京 &lt;noc@example.net&gt; &amp; ]]&gt;]]&gt;</contact>\n    <location><![CDATA[<rack> 7]]></location>\n    <dns-resolver>\n${numbered(count, (n) => `      <search>d${n}.example.net</search>`)}${more}    </dns-resolver>\n  </system>\n</config>\n`;

  beforeAll(async () => {
    server = await startNetconfd();
  });
  afterEach(async () => {
    for (const session of opened.splice(0)) await session[Symbol.asyncDispose]();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('of 2,000 lines runs with comments, CDATA, entities and other scripts in it, and is equal to itself', async () => {
    const session = await open();
    await (await commit(session, text(2_000), 120)).trial.confirm();
    const running = await session.config('running');
    expect(running).toContain('Zürich 東京 &lt;noc@example.net&gt; &amp; ]]&gt;]]&gt;');
    expect(running).toContain('d2000.example.net');
    await using again = await session.load(text(2_000).replaceAll('\n', '\r\n'), 'replace', change());
    expect(await again.diff()).toBe('');
  });

  it('is refused with its line named, with line ends of another system too', async () => {
    const session = await open();
    const bad = text(2_000, '      <searches>x</searches>\n');
    const line = bad.split('\n').findIndex((each) => each.includes('<searches>')) + 1;
    for (const written of [bad, bad.replaceAll('\n', '\r\n')]) {
      await expect(session.load(written, 'replace', change())).rejects.toMatchObject({ code: 'rejected', line });
    }
  });
});
