import { readdirSync } from 'node:fs';

/** What is asked of the XML agent, and how the files of its answers are called: the request, cut at 150 characters. */
export const agentFiles = {
  'config-vrfs': /ConfigInstanceVRFTable/,
  'default-vrf': /InstanceActive__DefaultVRF/,
  vrf: /InstanceActive__VRFTable__VRF/,
  facts: /SystemTime/,
  interfaces: /^_Get__Operational__Interfaces_/,
  addresses: /^_Get__Operational__IPV4Network_/,
  running: /show_running_config/,
  candidate: /show_configuration_merge/,
} as const;

export type AgentRequest = keyof typeof agentFiles;

/** Whether a folder holds answers of the XML agent, rather than of NETCONF. */
export const holdsAgentFiles = (folder: string): boolean => {
  try {
    return readdirSync(folder).some((name) => /^_.*\.txt$/.test(name));
  } catch {
    return false; // whoever reads the folder says why
  }
};
