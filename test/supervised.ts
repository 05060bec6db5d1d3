import { supervise } from '../cli/runner/supervise.ts';

const beats = `const beat = setInterval(() => process.send({ kind: 'beat' }), 100); process.on('disconnect', () => process.exit(0));`;
/** What a runner says of itself at its start. */
export const started = `${beats} process.send({ kind: 'started' });`;

/** Runs scripts in place of runners. */
export const supervised = (script: (name: string) => string, { processes = 1, stillMs = 60_000 } = {}) => {
  const stop = new AbortController();
  const said: { runner?: string; device?: string; devices?: string[]; msg: string }[] = [];
  const log = {
    info: (fields: object, msg: string) => void said.push({ ...fields, msg }),
    error: (fields: object, msg: string) => void said.push({ ...fields, msg }),
  };
  const lines: string[] = [];
  const command = (name: string) => [process.execPath, '-e', script(name)];
  const line = (text: string) => void lines.push(text);
  const ended = supervise({ processes, name: 'r', command, log: log as never, line, stillMs }, stop.signal);
  return { stop, said, lines, ended };
};
export const patient = { timeout: 20_000 };
