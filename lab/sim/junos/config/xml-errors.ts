import { rpcError } from '../../protocols/netconf/netconf-answers.ts';
import { type Element, escapeXml } from '../../protocols/netconf/xml.ts';
import type { Complaint } from './database.ts';
import type { Mistake } from './text.ts';

/** A line of a text that was not taken. */
export const mistakeError = ({ path, text, what, line }: Mistake): string =>
  `<rpc-error><error-type>protocol</error-type><error-tag>operation-failed</error-tag><error-severity>error</error-severity><source-daemon>[edit]</source-daemon><error-message>${escapeXml(what)}</error-message><error-info><bad-element>${escapeXml(text)}</bad-element><error-path>[edit ${escapeXml(path.join(' '))}]</error-path><line-number>${line}</line-number></error-info></rpc-error>`;

/** Why a candidate was not committed. */
export const complaintError = (complaint: Complaint): string =>
  typeof complaint === 'string'
    ? rpcError('operation-failed', complaint)
    : rpcError('operation-failed', complaint.says, {
        type: 'protocol',
        path: escapeXml(complaint.path),
        info: `<bad-element>${escapeXml(complaint.text)}</bad-element>`,
      });

/** JSON and whatever else is not simulated: refused, never passed over. */
export const nothingRead = (operation: Element): string =>
  rpcError('operation-failed', 'syntax error, expecting <configuration>, <configuration-text> or <configuration-set>', {
    type: 'protocol',
    info: `<bad-element>${operation.children.find(({ name }) => name !== 'target')?.name ?? operation.name}</bad-element>`,
  });
