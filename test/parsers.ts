import { parsers as bird } from '../runners/drivers/bird/getters/parsers.ts';
import { parsers as eos } from '../runners/drivers/eos/getters/parsers.ts';
import { parsers as frr } from '../runners/drivers/frr/getters/parsers.ts';
import { parsers as hp_comware } from '../runners/drivers/hp_comware/parsers.ts';
import { parsers as huawei_vrp } from '../runners/drivers/huawei_vrp/parsers.ts';
import { parsers as ios } from '../runners/drivers/ios/getters/parsers.ts';
import { parsers as iosxr } from '../runners/drivers/iosxr/getters/parsers.ts';
import { parsers as junos } from '../runners/drivers/junos/getters/parsers.ts';
import { parsers as linux } from '../runners/drivers/linux/getters/parsers.ts';
import { parsers as nxos } from '../runners/drivers/nxos/getters/parsers.ts';

/** The parsers of all platforms, by their names. */
export const parsers = {
  ...bird,
  ...eos,
  ...frr,
  ...ios,
  ...iosxr,
  ...junos,
  ...linux,
  ...nxos,
  ...hp_comware,
  ...huawei_vrp,
};
