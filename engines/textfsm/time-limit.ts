import vm from 'node:vm';

const script = new vm.Script('run()');

/**
 * Runs something that may backtrack for ever, and stops it: the one way in which Node can interrupt a regular expression.
 *
 * @throws what `run` throws, or Node's ERR_SCRIPT_EXECUTION_TIMEOUT
 */
export const within = <T>(timeoutMs: number, run: () => T): T =>
  script.runInContext(vm.createContext({ run }), { timeout: timeoutMs }) as T;

/** Whether it was stopped because its time was up. */
export const isTimeout = (error: unknown): boolean =>
  // not `instanceof Error`: it may come from another context
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
