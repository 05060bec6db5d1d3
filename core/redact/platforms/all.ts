import { secrets as bird } from './bird.ts';
import { secrets as eos } from './eos.ts';
import { secrets as frr } from './frr.ts';
import { secrets as ios } from './ios.ts';
import { secrets as iosxr } from './iosxr.ts';
import { secrets as junos } from './junos.ts';
import { secrets as linux } from './linux.ts';
import { secrets as nxos } from './nxos.ts';
import { secrets as vrp } from './vrp.ts';

/** What each platform of ours says of its secrets. */
export const platformSecrets = { bird, eos, frr, huawei_vrp: vrp, ios, iosxr, junos, linux, nxos } as const;
