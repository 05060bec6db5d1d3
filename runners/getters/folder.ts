import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { explain, PlumbError } from '../../core/errors.ts';
import { type AgentRequest, agentFiles } from '../drivers/iosxr/getters/xml/requests.ts';
import { readCapture, refusalIn } from './capture.ts';
import type { Inputs } from './getter.ts';

const sanitised = (request: string) => request.replace(/[^a-zA-Z0-9]/g, '_').slice(0, 150);

/** A request that asks for JSON is known by a word; its file may end in `.json`. */
const jsonOrText = (request: string, asksJson: RegExp): string[] =>
  asksJson.test(request) ? [`${sanitised(request)}.json`, `${sanitised(request)}.txt`] : [`${sanitised(request)}.txt`];

/** Request → the names that its file may have, as the captures of NAPALM's tests have them. */
const fileNames: Record<string, (request: string) => string[]> = {
  eos: (request) => {
    const command = request.replace(/ \(text\)$/, '');
    return command === request
      ? [`${sanitised(request)}.json`]
      : [`${sanitised(command)}.text`, `${sanitised(command)}.txt`];
  },
  nxos: (request) => [`${request.replaceAll(' ', '_')}.json`, `${sanitised(request)}.json`],
  junos: (request) => [`${request.replaceAll(' ', '')}.xml`, `${request.replaceAll(' ', '')}.json`],
  iosxr_netconf: (request) => [`${request}.xml`],
  frr: (request) => jsonOrText(request, / json$/),
  bird: (request) => jsonOrText(request, / -j /),
  linux: (request) => jsonOrText(request, / -j /),
};
/** Requests of the XML agent are long: their files are told by a part of the name. */
const filePatterns: Record<string, (request: string) => RegExp> = {
  iosxr: (request) => agentFiles[request.split(' ')[0] as AgentRequest] ?? /^$/,
};

const plainNames = (request: string) => [`${sanitised(request)}.txt`];

/** A capture may say that the device refused the request. */
const isRefusal = (text: string) => /^\s*\{\s*"exception"\s*:/.test(text);

/** A folder of captured answers, and which of its files were read. */
export type CapturedInputs = Inputs & {
  readonly found: ReadonlySet<string>;
  /** What the device said in a file instead of an answer. */
  readonly refused: ReadonlyMap<string, string>;
  /** The file that was read last. */
  readonly latest: string | undefined;
  /** The names that the file of a request may have. */
  names(request: string): string[];
};

/** The names of the files in a folder. */
const listed = (folder: string): string[] => {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if (statSync(folder, { throwIfNoEntry: false })?.isFile()) {
      throw new PlumbError('invalid_request', `${folder}: it is a file; a getter reads a folder of answers`, {
        hint: 'name the folder it is in, or give --template or --templates to parse one output',
      });
    }
    throw new PlumbError('invalid_request', `${folder}: the folder cannot be read: ${explain(cause)}`, { cause });
  }
};

/**
 * Captured answers as the inputs of a getter: one file for each request, its name made of the request's.
 *
 * @param options.sanitized prefer what a device printed with its secrets masked, where it can (EOS)
 * @throws PlumbError `invalid_request` when the folder cannot be read
 */
export const inputsFromFolder = (
  platform: string,
  folder: string,
  options: { sanitized?: boolean } = {},
): CapturedInputs => {
  const files = new Map(listed(folder).map((name) => [name.toLowerCase(), name]));
  const plain = fileNames[platform] ?? plainNames;
  const names = (request: string) =>
    options.sanitized
      ? [...plain(request.replace(/( \(text\))?$/, ' sanitized$1')), ...plain(request)]
      : plain(request);
  const found = new Set<string>();
  const refused = new Map<string, string>();
  let latest: string | undefined;
  return {
    found,
    refused,
    get latest() {
      return latest;
    },
    names,
    get: (request) => {
      const pattern = filePatterns[platform]?.(request);
      const name = pattern
        ? [...files.values()].find((each) => pattern.test(each))
        : names(request)
            .map((each) => files.get(each.toLowerCase()) ?? files.get(`${each.toLowerCase()}.gz`))
            .find((each) => each !== undefined);
      if (name === undefined) return undefined;
      found.add(name);
      latest = name;
      const text = readCapture(join(folder, name)).replace(/\r\n?/g, '\n'); // as a terminal saved it
      const refusal = refusalIn(text);
      if (refusal !== undefined) refused.set(name, refusal);
      return isRefusal(text) ? undefined : text;
    },
  };
};
