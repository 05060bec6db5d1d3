import { redact } from '../../core/redact/redact.ts';

const mask = '<removed>';

/** Certificates that stand in the text themselves: PEM, and the hexadecimal lines of a chain. */
const maskBodies = (text: string): string =>
  text
    .replace(/^([ \t]*-----BEGIN [^\n]*-----\n)[\s\S]*?(\n[ \t]*-----END )/gm, `$1${mask}$2`)
    .replace(/^([ \t]*certificate [^\n]*\n)(?:[ \t]+[\dA-F]{2,8}(?: [\dA-F]{2,8})*[ \t]*\n)+/gm, `$1  ${mask}\n`);

/** Masks all that is masked anywhere, and certificates. */
export const sanitize = (text: string): string => maskBodies(redact(text, mask));
