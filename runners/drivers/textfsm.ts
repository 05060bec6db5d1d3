import { type FailureCode, PlumbError } from '../../core/errors.ts';
import { TextFsmFailure, type Unreadable } from '../../engines/textfsm/failure.ts';
import { parseCommandOutput } from '../../engines/textfsm/parse-output.ts';
import { runTemplate, type TextRecord } from '../../engines/textfsm/run-template.ts';
import { parseTemplate } from '../../engines/textfsm/template.ts';
import { allDrivers } from './registry.ts';

const codes = {
  folder: 'invalid_request',
  template: 'template_failed',
  output: 'parse_failed',
} as const satisfies Record<Unreadable, FailureCode>;

const told = <T>(parse: () => T): T => {
  try {
    return parse();
  } catch (cause) {
    if (!(cause instanceof TextFsmFailure)) throw cause;
    const { what, message, hint, line } = cause;
    throw new PlumbError(codes[what], message, { cause, hint, line });
  }
};

/**
 * What a command printed as records, by one TextFSM template.
 *
 * @param file names the template in messages
 * @throws PlumbError `template_failed`, `parse_failed`
 */
export const parseByTemplate = (template: string, file: string, output: string): TextRecord[] =>
  told(() => runTemplate(parseTemplate(template, file), output));

/**
 * The same by the templates that a folder such as that of ntc-templates has for the command.
 *
 * @param platform ours, or as the folder calls it
 * @throws PlumbError `invalid_request`, `template_failed`, `parse_failed`
 */
export const parseByTemplates = (folder: string, platform: string, command: string, output: string): TextRecord[] => {
  const theirs = allDrivers().find((driver) => driver.platform === platform)?.ntcNames ?? [];
  return told(() => parseCommandOutput(folder, [...new Set([platform, ...theirs])], command, output));
};
