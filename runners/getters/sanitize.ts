import { redact } from '../../core/redact/redact.ts';
import { napalmMasked } from './napalm/masks.ts';

/** How a platform writes its configuration, in the words of NAPALM's filters. */
export type Style = 'cisco' | 'eos' | 'junos';

const mask = '<removed>';

/** Certificates that stand in the text themselves: PEM, and the hexadecimal lines of a chain. */
const maskBodies = (text: string): string =>
  text
    .replace(/^([ \t]*-----BEGIN [^\n]*-----\n)[\s\S]*?(\n[ \t]*-----END )/gm, `$1${mask}$2`)
    .replace(/^([ \t]*certificate [^\n]*\n)(?:[ \t]+[\dA-F]{2,8}(?: [\dA-F]{2,8})*[ \t]*\n)+/gm, `$1  ${mask}\n`);

/**
 * Masks the secrets of a configuration.
 *
 * @param style for `napalm` alone
 * @param shape `napalm` masks what NAPALM masks, and as it does; `plumb` masks all that is masked anywhere, and certificates
 */
export const sanitize = (text: string, style: Style, shape: 'plumb' | 'napalm' = 'plumb'): string =>
  shape === 'napalm' ? napalmMasked(text, style) : maskBodies(redact(text, mask));
