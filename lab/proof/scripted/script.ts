/** What a line does to the device, besides what it prints. */
export const deeds = [
  'open', // begins a candidate, which is a copy of what runs
  'clear', // takes every line out of the candidate
  'drop', // gives the candidate up
  'try', // the candidate runs, under a trial: the line's groups are its `name` and its `seconds` or `minutes`
  'confirm', // the trial is over, and what it brought stays
  'undo', // the trial is over, and what ran before runs
  'save', // what runs is what boots
] as const;
export type Deed = (typeof deeds)[number];

/** What a device does with a line that is typed. The first one that fits counts. */
export type Answer = {
  /** The whole line, or an expression that matches it. */
  line: string | RegExp;
  /** In this mode only. */
  in?: string;
  /** Only while a trial waits, or only while none does. */
  when?: 'trial' | 'no trial';
  /**
   * What is printed. `{running}`, `{startup}`, `{candidate}` and `{diff}` stand for these; `{name}`, `{user}` and `{seconds}`
   * for the trial's name, who began it, and how long it waits still.
   */
  says?: string;
  does?: Deed | readonly Deed[];
  /** The mode that it leads to. */
  to?: string;
};

/** A device that is made up of prompts and answers, for a driver to be proven on. */
export type ScriptedDevice = {
  /** What it prompts with in each mode; a login begins in the first. */
  prompts: Readonly<Record<string, string>>;
  /** What it runs and boots at first. */
  config: string;
  answers: readonly Answer[];
  /** Which lines become part of the candidate, where one is open and none of the answers fits. */
  accepts: RegExp;
  /** What it says to every other line; `{line}` stands for it. */
  refusal: string;
  /** Printed after login. */
  greeting?: string;
};
