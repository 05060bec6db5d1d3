import type { Context } from '../cli/context.ts';
import { parseVerb } from '../cli/verbs/parse.ts';

/** What `plumb parse` prints of captured outputs. */
export const plumbParse = async (...args: string[]): Promise<unknown> => {
  let printed = '';
  const context = { out: (text: string) => (printed += text), err: () => {} } as unknown as Context;
  await parseVerb(context).exitOverride().parseAsync(args, { from: 'user' });
  return JSON.parse(printed);
};
