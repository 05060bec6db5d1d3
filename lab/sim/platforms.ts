import { eosBox } from './eos/box.ts';
import type { Platform } from './platform.ts';

/** The platforms that can be simulated. */
export const platforms = {
  eos: eosBox,
} as const satisfies Record<string, Platform>;

export type PlatformName = keyof typeof platforms;
