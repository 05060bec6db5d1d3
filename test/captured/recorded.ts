import { Client, type ClientChannel } from 'ssh2';
import { parse } from 'yaml';
import type { Sim } from '../../lab/sim/sim.ts';
import { readCaptured } from './folder.ts';

type Interaction = { channel_output: string; expected_channel_input: string };

/** What a real device answered, after the login. */
export const recorded = (name: string): Interaction[] => {
  const [session] = Object.values(
    parse(readCaptured(`transcripts/${name}.yaml`)) as Record<string, { interactions: Interaction[] }>,
  );
  return session?.interactions.slice(2) ?? [];
};

/** The running configuration that a recorded device had. */
export const recordedConfig = (interactions: readonly Interaction[], command: RegExp): string => {
  const outputs = interactions.map(({ channel_output }) => channel_output);
  const asked = interactions.findIndex(({ expected_channel_input }) => command.test(expected_channel_input));
  return outputs
    .slice(asked + 2, asked + 3)
    .join('')
    .replace(/\n[^\n]*$/, '');
};

/** Dates, clocks and other things that no two sessions share. */
export const timeless = (text: string): string =>
  text
    .replace(/\r/g, '')
    .replace(/(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) +(?:\w{3} +\d+ [\d:.]+(?: UTC)?(?: \d{4})?|\d+ \w{3} \d{4})/g, 'DATE')
    .replace(/\d\d:\d\d:\d\d UTC DATE/g, 'DATE')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, 'DATE')
    .replace(/[ \t]+$/gm, '');

/** A client at the device's terminal that types what was typed then. */
export const replay = async (
  sim: Sim,
  interactions: readonly Interaction[],
  password: string,
  normalise: (text: string) => string = timeless,
): Promise<{ input: string; expected: string; actual: string }[]> => {
  const client = new Client();
  const differences: { input: string; expected: string; actual: string }[] = [];
  try {
    const shell = await new Promise<ClientChannel>((resolve, reject) => {
      client
        .on('error', reject)
        .on('ready', () =>
          client.shell({ term: 'vt100', cols: 511, rows: 100 }, (error, channel) =>
            error ? reject(error) : resolve(channel),
          ),
        );
      client.connect({
        host: sim.host,
        port: sim.ports.ssh ?? 0,
        username: sim.user,
        password,
        hostVerifier: () => true,
      });
    });
    let seen = '';
    let woken = () => {};
    shell.on('data', (chunk: Buffer) => {
      seen += chunk.toString('utf8');
      woken();
    });
    /** Whether more came within the time. */
    const more = (ms: number) =>
      new Promise<boolean>((resolve) => {
        const late = setTimeout(resolve, ms, false);
        woken = () => {
          clearTimeout(late);
          resolve(true);
        };
      });
    let typed = '';
    for (const [at, { channel_output, expected_channel_input }] of interactions.entries()) {
      const wanted = normalise(
        (at === 0 ? channel_output.trimStart() : channel_output).replaceAll(
          '__SCRAPLI_CFG_SESSION_NAME__',
          'scrapli_cfg_1',
        ),
      );
      const now = () => normalise(at === 0 ? seen.trimStart() : seen);
      // what came may end within a date, and be longer then than what is wanted
      while (now() !== wanted && (await more(now().length < wanted.length ? 3_000 : 500)));
      if (now() !== wanted) differences.push({ input: typed, expected: wanted, actual: now() });
      seen = '';
      typed =
        expected_channel_input === 'REDACTED'
          ? password
          : expected_channel_input.replaceAll('__SCRAPLI_CFG_SESSION_NAME__', 'scrapli_cfg_1');
      if (typed === '' && interactions[at + 1]?.expected_channel_input === '\n') continue; // Enter comes next
      shell.write(typed === '' ? '\n' : typed);
    }
  } finally {
    client.end();
  }
  return differences;
};
