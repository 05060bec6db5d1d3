import { eosBox } from './eos/box.ts';
import { iosBox } from './ios/box.ts';
import { iosxrBox } from './iosxr/box.ts';
import { junosBox } from './junos/box.ts';
import { nxosBox } from './nxos/box.ts';
import type { Platform } from './platform.ts';
import { comwareBox } from './vrp/comware.ts';
import { huaweiBox } from './vrp/huawei.ts';

/** The platforms that can be simulated. */
export const platforms = {
  eos: eosBox,
  ios: iosBox,
  nxos: nxosBox,
  iosxr: iosxrBox,
  junos: junosBox,
  huawei_vrp: huaweiBox,
  hp_comware: comwareBox,
} as const satisfies Record<string, Platform>;

/** The name of a platform that can be simulated. */
export type PlatformName = keyof typeof platforms;

/** A configuration that tells nothing but the name: what a device boots with that is given none. */
export const nameAlone = (platform: PlatformName, name: string): string => {
  if (platform === 'junos') return `system {\n    host-name ${name};\n}\n`;
  return `${platform === 'huawei_vrp' || platform === 'hp_comware' ? 'sysname' : 'hostname'} ${name}\n`;
};
