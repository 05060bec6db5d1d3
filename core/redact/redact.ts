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

/** How often a text is searched until nothing more is found in it. */
const mostLooks = 6;

const redactText = (text: string, by: string, looks = 1): string => {
  if (isJson(text)) return redactJson(text, (inner) => redactText(inner, by), by);
  const { text: shown, again } = lookThrough(redactXml(maskRegistered(text), by), by);
  return again && shown !== text && looks < mostLooks && by === mask ? redactText(shown, by, looks + 1) : shown;
};

/**
 * Masks secrets: those that were resolved, wherever they stand, and what looks like one in configurations of all
 * platforms, diffs, JSON, XML, URLs, headers and key files. A line that changed still shows as changed: mask after the
 * diff.
 *
 * @param by what replaces a secret
 */
export const redact = (text: string, by: string = mask): string => redactText(text, by);

/** How long one text may delay everything else. */
const turnMs = 20;

/**
 * The same for a text that may be long: other work goes on in between.
 *
 * @param wanted lines that are looked at; what the others hold may stay
 */
export const redactInTurns = async (text: string, wanted?: (line: string) => boolean, looks = 1): Promise<string> => {
  if (isJson(text)) return redactText(text, mask);
  const steps = lookSteps(redactXml(maskRegistered(text), mask), mask, wanted);
  let since = performance.now();
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) {
      const { text: shown, again } = step.value;
      return again && shown !== text && looks < mostLooks ? redactInTurns(shown, wanted, looks + 1) : shown;
    }
    if (performance.now() - since < turnMs) continue;
    await others();
    since = performance.now();
  }
};
