import { withoutLines } from '../../../../getters/config.ts';
import type { Configs, Getter, Inputs } from '../../../../getters/getter.ts';
import { descendants } from '../../../../xml.ts';
import { agentReply } from './tree.ts';

const header = [/^Building configuration.*$/gm, /^!! IOS XR Configuration.*$/gm];

/** From the XML agent, by the CLI that it takes inside. */
export const config: Getter<Configs> = {
  requests: ['running', 'candidate'],
  parse: (inputs) => {
    const text = (request: string) =>
      withoutLines(...header)(descendants(agentReply(inputs, request), 'configuration')[0]?.text ?? '');
    return { running: text('running'), startup: '', candidate: text('candidate') };
  },
};

/** As NAPALM has it: what came back, with the XML around it. */
export const rawConfigs = (inputs: Inputs): Configs => {
  const text = (request: string) =>
    header.reduce((rest, pattern) => rest.replace(pattern, ''), inputs.get(request) ?? '');
  return { running: text('running'), startup: '', candidate: text('candidate') };
};
