import { setImmediate as others } from 'node:timers/promises';
import { redactJson } from './forms/json.ts';
import { lookSteps, lookThrough } from './forms/lines.ts';
import { redactXml } from './forms/xml.ts';
import { forgetSecrets, mask, maskRegistered, registerSecret } from './redact-registered.ts';

export { forgetSecrets, registerSecret };

const isJson = (text: string): boolean => {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const redactText = (text: string, by: string): string =>
  isJson(text)
    ? redactJson(text, (inner) => redactText(inner, by), by)
    : lookThrough(redactXml(maskRegistered(text), by), by).text;

/**
 * Masks secrets: those that were resolved, wherever they stand, and what looks like one in configurations of all
 * platforms, diffs, JSON, XML, URLs, headers and key files. A line that changed still shows as changed: mask after the diff.
 *
 * @param by what stands in the place of a secret
 */
export const redact = (text: string, by: string = mask): string => redactText(text, by);

/** How long one text may keep everything else waiting. */
const turnMs = 20;

/** The same for a text that may be long: other work goes on in between. */
export const redactInTurns = async (text: string, by: string = mask): Promise<string> => {
  if (isJson(text)) return redactText(text, by);
  const steps = lookSteps(redactXml(maskRegistered(text), by), by);
  let since = performance.now();
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value.text;
    if (performance.now() - since < turnMs) continue;
    await others();
    since = performance.now();
  }
};
