import { explain, failures, PlumbError, storeRepair, whyNotStored } from '../../core/errors.ts';

/** 1: a device failed or differs; 2: wrong use or no connection. */
export const exitCode = (error: unknown): 1 | 2 =>
  error instanceof PlumbError && !failures[error.code].misuse ? 1 : 2;

const natsTrouble = (error: unknown): string | undefined => {
  const text = explain(error);
  if (whyNotStored(error)) return `plumb: ${text}\n  → ${storeRepair}\n`;
  if (/permissions violation/i.test(text)) {
    return `plumb: this NATS user may not do that: ${text}\n  → docs/subjects.md lists what each role needs\n`;
  }
  if (/connection (closed|draining)|closedconnection|no responders|no answer from NATS|timeout/i.test(text)) {
    return `plumb: NATS did not answer: ${text}\n  → \`plumb doctor\` says what is wrong\n`;
  }
  return undefined;
};

/** What the machine cannot provide, by the number of the system's error. */
const machine: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room on it',
  EDQUOT: 'the quota of this user is used up: make room',
  EROFS: 'the file system is read-only: is its disk broken? `dmesg` may say',
  EIO: 'the disk has I/O errors: `dmesg` may say why',
  EMFILE: 'too many files are open: `ulimit -n` shows the limit',
};

const machineTrouble = (error: unknown): string | undefined => {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const hint = error instanceof Error ? machine[code] : undefined;
  return hint && `plumb: ${message}\n  → ${hint}\n`;
};

/** What went wrong, for the person at the terminal, then what to do. */
export const report = (error: unknown): string => {
  if (error instanceof PlumbError) {
    const hint = error.hint ? `  → ${error.hint}\n` : '';
    return `plumb: ${error.message}\n${hint}`;
  }
  const known = natsTrouble(error) ?? machineTrouble(error);
  if (known) return known;
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `plumb: this is a bug in plumb, please report it with the lines below\n${trace}\n`;
};
