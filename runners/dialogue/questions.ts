import { PlumbError } from '../../core/errors.ts';
import type { CliDriver, Question } from './cli-driver.ts';
import type { DialogueOptions } from './options.ts';

/** What the last line asks for: a key to print on, one to leave the pager, or an answer. */
export type Asked = 'page' | 'end' | Question;

/** @param own asked by the command that runs, before the platform's own */
export const asked = (tail: string, driver: CliDriver, own: readonly Question[] = []): Asked | undefined => {
  if (driver.pagers?.some((pager) => pager.test(tail))) return 'page';
  if (driver.pagerEnds?.some((end) => end.test(tail))) return 'end';
  return [...own, ...(driver.questions ?? [])].find(({ ask }) => ask.test(tail));
};

/** @throws PlumbError `unauthorized` where the credentials do not hold what is asked for */
export const answerTo = (question: Question, tail: string, { name, secrets }: DialogueOptions): string => {
  const answer = 'answer' in question ? question.answer : secrets?.[question.secret];
  if (answer !== undefined) return answer;
  throw new PlumbError('unauthorized', `${name}: the device asks "${tail.trim()}", and there is no answer for it`, {
    hint: 'add what it asks for to the credentials in the inventory',
  });
};
