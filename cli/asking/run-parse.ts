import { resolve } from 'node:path';
import { PlumbError } from '../../core/errors.ts';
import { redact } from '../../core/redact/redact.ts';
import { query } from '../../runners/requests/query.ts';
import type { Context } from '../context.ts';
import { asData, type Column, type Format, table } from '../output/output.ts';

/** What to make of what a command printed. */
export type ParseFlags = { parse?: true; templates?: string; query?: string };

/** Whether the output is to be parsed or queried. */
export const wantsData = ({ parse, query }: ParseFlags): boolean => parse === true || query !== undefined;

/**
 * The folder of the TextFSM templates: flag over environment over plumbline.yml.
 *
 * @returns undefined if nothing is to be parsed by templates
 * @throws PlumbError `invalid_request` if no folder is named
 */
export const templatesOf = ({ config }: Context, { parse, templates }: ParseFlags): string | undefined => {
  if (templates !== undefined && !parse) throw new PlumbError('invalid_request', '--templates is for --parse');
  if (!parse) return undefined;
  const folder = templates === undefined ? config.textfsm : resolve(templates);
  if (folder !== undefined) return folder;
  throw new PlumbError('invalid_request', '--parse needs a folder of TextFSM templates', {
    hint: 'name it with --templates, PLUMB_TEXTFSM or `textfsm` in plumbline.yml; ntc-templates is one',
  });
};

type Said = { device: string; platform: string; command: string; output: string };

/**
 * The records that a template finds in a device's output, or the output as JSON, and what a query picks from it.
 *
 * @throws PlumbError `template_failed`, `parse_failed`, `invalid_request`
 */
export const dataOf = async (
  said: Said,
  folder: string | undefined,
  expression: string | undefined,
): Promise<unknown> => {
  const { device, platform, command, output } = said;
  const whole = async (): Promise<unknown> => {
    if (folder !== undefined) {
      const { parseByTemplates } = await import('../../runners/drivers/textfsm.ts');
      return parseByTemplates(folder, platform, command, output);
    }
    try {
      return JSON.parse(output);
    } catch (cause) {
      throw new PlumbError('parse_failed', `${device}: "${redact(command)}" printed no JSON to query`, {
        cause,
        hint: 'ask the device for JSON (`show version | json`), or parse its text with --parse',
      });
    }
  };
  const data = await whole();
  return expression === undefined ? data : query(data, expression);
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const cell = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(cell).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

/** A list of records as a table, one record as YAML, anything else one value a line. */
const asText = (context: Context, format: Format, data: unknown): string => {
  if (Array.isArray(data) && data.length > 0 && data.every(isRecord)) {
    const keys = [...new Set(data.flatMap((record) => Object.keys(record)))];
    const columns = keys.map(
      (key): Column<Record<string, unknown>> => ({ head: key.toUpperCase(), cell: (record) => cell(record[key]) }),
    );
    return table(data, columns, format, context.colour);
  }
  if (isRecord(data)) return asData('yaml', data);
  return (Array.isArray(data) ? data : [data]).map((value) => `${cell(value)}\n`).join('');
};

/** Prints what was found, for people. */
export const printData = (context: Context, format: Format, data: unknown): void =>
  context.out(asText(context, format, data));
