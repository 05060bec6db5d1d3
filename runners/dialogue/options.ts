import type { PlumbError } from '../../core/errors.ts';
import type { Patience, Question } from './cli-driver.ts';
import type { Frame } from './ending/frame.ts';

/** Whose shell it is, and what it may be told. */
export type DialogueOptions = {
  /** What the operator calls the device; messages start with it. */
  name: string;
  /** For the questions that ask for one. */
  secrets?: Partial<Record<'username' | 'password' | 'enable', string | undefined>>;
  /** Called before each write; throws where nothing may be written any more. */
  fence?: (() => void) | undefined;
  /** More output than this from one command ends the session. */
  maxBytes?: number;
};

/** How lines are sent, and what is believed of the answer. */
export type SendOptions = Partial<Patience> & {
  /** Asked by this command alone; first match wins, before the platform's own. */
  questions?: readonly Question[];
  /** What it prints may hold anything: its end is asked for. As the command's first word tells, where it is left out. */
  text?: boolean;
  /** A device that prints nothing at all in its time, not even a prompt, has answered; any other is out of step then. */
  maySayNothing?: boolean;
  /** Return what the device complained about instead of throwing it. */
  unchecked?: boolean;
  /** What the line prints around the output of its command. */
  frame?: Frame;
  /** Of several lines, those that the device reads as the text of a line before them: no prompt comes before these. */
  within?: readonly boolean[];
  /** Of several lines, how long a prompt must stand to be believed where not all of them were echoed. */
  manyDoubtMs?: number;
};

/** What a command printed, and why the device refused it, if it did. */
export type Shown = { said: string; refused: PlumbError | undefined };
