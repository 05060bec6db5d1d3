import type { Argument, Command, Option } from 'commander';
import type { Flags } from '../../core/config/config.ts';
import { platformNames } from '../../core/platform-names.ts';
import { steps } from '../../core/steps.ts';
import { shortId } from '../output/text.ts';
import { type Candidate, knownDevices, knownJobs, type Where } from './known.ts';
import type { Line } from './line.ts';

/** Candidates, or a kind that the shell itself completes best. */
type Answer = readonly Candidate[] | ':files' | ':folders';

/** What narrows it: only one device is meant, or a job of that device. */
type Of = { alone?: boolean; device?: string | undefined };

const words = (all: readonly string[]): Candidate[] => all.map((word) => ({ word }));

/** Jobs by as much of their ids as distinguishes them. */
const jobs = async (where: Where, { device }: Of = {}): Promise<Candidate[]> => {
  const all = await knownJobs(where, device);
  const short = all.map(({ word }) => shortId(word));
  return all.map(({ word, about = '' }, at) => {
    const alone = short.indexOf(short[at] ?? '') === short.lastIndexOf(short[at] ?? '');
    return { word: alone ? (short[at] ?? word) : word, about };
  });
};

/** The shell inserts it as it is: so nothing that it would take for more than a word, whatever a group is called. */
const plainWord = /^[\w=.:@%+,/-]+$/;

/** By the name of the argument, as in the help: `<device>`, `[device...]`, `<file>`. */
const named: Readonly<Record<string, (where: Where, of: Of) => Promise<Answer> | Answer>> = {
  device: async (where, { alone = false }) => {
    const known = await knownDevices(where);
    return alone ? known.filter(({ word }) => !word.includes('=')) : known;
  },
  selector: knownDevices,
  job: jobs,
  id: jobs,
  platform: () => words(platformNames()),
  step: () => words(steps),
  file: () => ':files',
  path: () => ':files',
  local: () => ':files',
  folder: () => ':folders',
  context: async ({ env }) => {
    const { readContexts } = await import('../../core/config/contexts.ts');
    return Object.entries((await readContexts(env)).contexts).map(([word, { site }]) => ({ word, about: site }));
  },
};

const optionWords = (verb: Command, used: ReadonlySet<string>): Candidate[] => {
  const seen = new Set<string>();
  const found: Candidate[] = [];
  for (let at: Command | null = verb; at; at = at.parent) {
    for (const { long, hidden, description, variadic, attributeName } of at.options.map((option) => ({
      ...option,
      attributeName: option.attributeName(),
    }))) {
      if (!long || hidden || seen.has(long) || (used.has(attributeName) && !variadic)) continue;
      seen.add(long);
      found.push({ word: long, about: description });
    }
  }
  return [...found, { word: '--help', about: 'how it is used' }];
};

const valueName = (option: Option): string => /[<[]([^>\].]+)/.exec(option.flags)?.[1] ?? '';

const asked = (of: Option | Argument, name: string, where: Where, narrowed: Of): Promise<Answer> | Answer => {
  if (of.argChoices) return words(of.argChoices);
  return named[name]?.(where, narrowed) ?? [];
};

const answer = async ({ place, given, operands: [device] }: Line, where: Omit<Where, 'flags'>): Promise<Answer> => {
  const whereFlags = { ...where, flags: given as Flags };
  switch (place.kind) {
    case 'option':
      return optionWords(place.verb, place.used);
    case 'verb':
      return place.of.commands.map((verb) => ({ word: verb.name(), about: verb.summary() || verb.description() }));
    case 'value':
      // the job of an option is one of the device that stands before it
      return asked(place.of, valueName(place.of), whereFlags, { device });
    case 'argument':
      return asked(place.of, place.of.name(), whereFlags, { alone: !place.of.variadic });
    case 'nothing':
      return [];
    default:
      return place satisfies never;
  }
};

/** What may stand at the cursor. */
export const candidates = async (line: Line, where: Omit<Where, 'flags'>): Promise<Answer> => {
  const found = await answer(line, where);
  if (typeof found === 'string') return found;
  const before = line.place.kind === 'value' ? line.place.before : '';
  return found
    .filter(({ word }) => word.startsWith(line.typed) && plainWord.test(word))
    .map(({ word, about }) => ({ word: before + word, ...(about ? { about } : {}) }));
};
