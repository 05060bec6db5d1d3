import { redactLines } from './redact-lines.ts';
import { forgetSecrets, mask, maskRegistered, registerSecret } from './redact-registered.ts';

export { forgetSecrets, registerSecret };

const secretField =
  /^(?:.*[_-])?(?:password|passwd|passphrase|secret|token|api[_-]?key|private[_-]?key|psk|community|credential)$/i;

/** Whether a field of that name holds a secret: `password`, `apiKey`, `auth-token` … */
export const isSecretField = (name: string): boolean => secretField.test(name.replace(/([a-z])([A-Z])/g, '$1_$2'));

const literal = /"(?:[^"\\]|\\.)*"/g;

/** JSON stays JSON, with the same spacing: only what is between quotes changes, and what a secret field holds. */
const redactJson = (text: string): string => {
  const masked = text.replace(literal, (quoted) => {
    const before = JSON.parse(quoted) as string;
    const after = redactText(before);
    return after === before ? quoted : JSON.stringify(after);
  });
  const field = /("(?:[^"\\]|\\.)*")(\s*:\s*)("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*)/g;
  return masked.replace(field, (all, name: string, colon: string) =>
    isSecretField(JSON.parse(name) as string) ? `${name}${colon}"${mask}"` : all,
  );
};

const isJson = (text: string): boolean => {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const redactText = (text: string): string => (isJson(text) ? redactJson(text) : redactLines(maskRegistered(text)));

/**
 * Masks secrets: those that were resolved, wherever they stand, and what looks like one in configurations of all
 * platforms, diffs, JSON, URLs, headers and key files. A line that changed still shows as changed: mask after the diff.
 */
export const redact = (text: string): string => redactText(text);
