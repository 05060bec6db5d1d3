import { PlumbError } from '../../../core/errors.ts';
import { type CliDriver, patience } from '../../dialogue/cli-driver.ts';
import { ctrlV } from '../../dialogue/typing/typing.ts';
import type { Target } from '../../driver.ts';
import { answersTogether } from '../../getters/getter.ts';
import { openShell } from '../../session/shell.ts';
import { ownLine } from '../../session/text/config-lines.ts';
import { refuseGarbled } from '../../session/text/typed-back.ts';
import { type EosCli, withoutForm } from './cli.ts';

/** The command line of EOS. Source: EOS User Manual, "Command-Line Interface". */
export const eosCli: CliDriver = {
  prompt: /^[\w.\-@()/: ]{1,63}[>#]\s?$/,
  configPrompt: /\(config[^)\n]*\)#\s?$/,
  base: /^(?<base>[\w.\-@/:]+)/,
  errors: [
    /^% ?(?:Ambiguous command|Error|Incomplete command|Invalid|Cannot|Unavailable command|Duplicate sequence number|Unable|Maximum number|Authorization denied|Unknown|Failed)[^\n]*/m,
    /^Error (?:copying|deleting|displaying)[^\n]*/m,
    /^(?:! )?Commands? .*not authorized[^\n]*/m,
  ],
  setup: ['terminal length 0', 'terminal width 32767'],
  typing: ctrlV,
  refusals: [/^(?:% )?(?:Access denied|Login incorrect)[^\n]*/m],
  pagers: [/^\s*--More--\s*$/],
};

/** A switch by SSH. */
export const openEosSsh = async (target: Target, signal: AbortSignal): Promise<EosCli> => {
  const shell = await openShell(target, eosCli, true, signal);
  const json = async (command: string): Promise<unknown> => {
    const said = await shell.send(`${command} | json`, patience.show);
    const begin = said.indexOf('{');
    if (begin < 0) {
      throw new PlumbError('unsupported', `${target.device.name}: "${command} | json" returned no JSON`);
    }
    try {
      return JSON.parse(said.slice(begin));
    } catch (cause) {
      const why = `${target.device.name}: "${command} | json" returned JSON that ends early or is damaged`;
      throw new PlumbError('parse_failed', `${why}: ${said.trim().slice(-60)}`, { cause });
    }
  };
  const answerTo = async (request: string): Promise<string> => {
    const command = withoutForm(request);
    return command === request ? JSON.stringify(await json(command)) : shell.send(command, patience.show);
  };
  return {
    target,
    text: (command, patient = patience.show) => shell.send(command, patient),
    run: (command, patient) => shell.run(command, patient, 'end'),
    json,
    ask: (requests) => answersTogether(requests, answerTo),
    type: async (session, first, lines) => {
      shell.check(lines);
      try {
        // outside a session the lines would be commands
        await shell.send(`configure session ${session}`, patience.load);
        await shell.type([...first.map(ownLine), ...lines, ownLine('end')]);
        await refuseGarbled(shell, lines, `show session-config named ${session}`);
      } finally {
        if (shell.configuring) await shell.send('end', { unchecked: true, ...patience.load }).catch(() => {});
      }
    },
    alive: shell.alive,
    closed: shell.closed,
    [Symbol.asyncDispose]: () => shell[Symbol.asyncDispose](),
  };
};
