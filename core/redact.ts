import { forgetSecrets, maskRegistered, registerSecret } from './redact-registered.ts';

export { forgetSecrets, registerSecret };

/** Masks secrets in configuration text, diffs, messages and logs. */
export const redact = (text: string): string => maskRegistered(text);
