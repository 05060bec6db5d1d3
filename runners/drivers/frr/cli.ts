import { PlumbError } from '../../../core/errors.ts';
import { redact } from '../../../core/redact/redact.ts';
import type { CliDriver } from '../../dialogue/cli-driver.ts';
import { complaint } from '../../dialogue/complaint.ts';

/** FRR's vtysh, 7.5 and later. Source: FRR User Guide, "VTY shell". */
export const vtysh = {
  prompt: /^[\w.-]+(?:\([\w-]+\))?[>#] ?$/,
  configPrompt: /^[\w.-]+\(config[\w-]*\)# ?$/,
  errors: [
    /^% (?:Unknown command|Command incomplete|Ambiguous command|There is no matched command).*/m,
    /^% .*/m,
    /^Permission denied.*/m,
    /^ERROR: .*/m,
    /^VTY configuration is locked by other VTY.*/m,
  ],
  setup: ['terminal length 0'],
  pagers: [/^--More--$/, /^\(END\)$/, /^:$/],
} satisfies CliDriver;

/** What vtysh prints where it had nobody to run a command: no such program on the router, or no such daemon. */
const notRun = [
  /^Can't (?:execute|fork)\b.*/m,
  /^(?:zebra|watchfrr|[a-z\d]+d) is not running$/m,
  /^Error: no daemons match name .*/m,
  /^Exiting: failed to connect to any daemons\..*/m,
];

/**
 * What a command of the operator's printed. Our own go by what they see: they tell a daemon that died from a refusal.
 *
 * @throws PlumbError `rejected` where the command could not be run
 */
export const answerOf = (device: string, command: string, output: string): string => {
  const why = complaint(output, notRun, 'edges');
  if (why === undefined) return output;
  const [, program] = /^Can't execute (\S+): No such file/.exec(why) ?? [];
  throw new PlumbError('rejected', redact(`${device}: "${command}": ${why}`), {
    hint: program
      ? `install ${program} on the router`
      : '`show daemons` lists the running daemons, /etc/frr/daemons the enabled ones',
  });
};
