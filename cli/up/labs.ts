/** The labs that `--lab` knows: real FRR routers, simulated Arista EOS switches. */
export const labs = ['frr', 'eos'] as const;
export type LabName = (typeof labs)[number];
