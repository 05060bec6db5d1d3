import { isOutcome } from '../../core/errors.ts';
import type { Bgp, BgpDetail, Facts, InterfacesIp } from '../shapes.ts';

/** What a device answered, by request: a command or an RPC; undefined for what was not asked, or was refused. */
export type Inputs = { get(request: string): string | undefined };

/** Turns what a device answered into one result. Pure: a file and a live session give the same. */
export type Getter<T> = {
  /** What to ask for first; `parse` may then ask for more, such as one request for each VRF. */
  requests: readonly string[];
  parse: (inputs: Inputs) => T;
};

/** A device's configurations, as NAPALM's get_config has them; '' for what the platform has not. */
export type Configs = { running: string; startup: string; candidate: string };

/** What each getter gives. */
export type Results = {
  facts: Facts;
  bgp: Bgp;
  'bgp-detail': BgpDetail;
  'interfaces-ip': InterfacesIp;
  config: Configs;
};

/** The getters of a platform. */
export type Getters = { [Name in keyof Results]?: Getter<Results[Name]> };

/** What NAPALM's driver of the platform prints in the place of our result: only where it is another thing. */
export type Napalm = { [Name in keyof Results]?: (result: Results[Name], inputs: Inputs) => unknown };

/** The file that holds the answer to a request: the names that it may have, or what its name is like. */
export type FileOf = (request: string) => readonly string[] | RegExp;

/** How what a platform prints is read where it was captured. */
export type Parser = {
  getters: Getters;
  /** Left out: the request's letters and digits, all else as `_`, and `.txt`. */
  fileOf?: FileOf;
  napalm?: Napalm;
  /** What NAPALM's driver masks in a configuration; left out: what its base class does. */
  napalmMasks?: readonly ((text: string) => string)[];
  /** Of a folder that another parser is for: its name. */
  elsewhere?: (folder: string) => string | undefined;
};

/** The parsers of a platform, by the names that `plumb parse --platform` takes: NAPALM's, where it has a driver. */
export type Parsers = Readonly<Record<string, Parser>>;

type Run = (request: string) => Promise<string>;

/** @returns the answer; undefined for what the device does not know, or refused */
const answerTo = (run: Run, request: string): Promise<string | undefined> =>
  run(request).catch((error: unknown) => {
    if (isOutcome(error, 'rejected', 'unsupported')) return undefined;
    throw error;
  });

/**
 * Asks one command after the other; one that the device refuses answers nothing.
 *
 * @param run throws PlumbError `rejected` or `unsupported` for what the device does not know
 */
export const answersTo = async (requests: readonly string[], run: Run): Promise<(string | undefined)[]> => {
  const answers: (string | undefined)[] = [];
  for (const request of requests) answers.push(await answerTo(run, request));
  return answers;
};

/** The same, asking for all of them before the first answer has come. */
export const answersTogether = (requests: readonly string[], run: Run): Promise<(string | undefined)[]> =>
  Promise.all(requests.map((request) => answerTo(run, request)));

/**
 * Asks a device for all that a getter needs, and parses it.
 *
 * @param ask what each request was answered with, in their order; undefined for one that the device refused
 */
export const gather = async <T>(
  getter: Getter<T>,
  ask: (requests: readonly string[]) => Promise<readonly (string | undefined)[]>,
): Promise<T> => {
  const answers = new Map<string, string | undefined>();
  let wanted: readonly string[] = getter.requests;
  while (true) {
    const given = await ask(wanted);
    for (const [index, request] of wanted.entries()) answers.set(request, given[index]);
    const missing = new Set<string>();
    const get = (request: string) => {
      if (!answers.has(request)) missing.add(request);
      return answers.get(request);
    };
    const result = getter.parse({ get });
    if (missing.size === 0) return result;
    wanted = [...missing];
  }
};
