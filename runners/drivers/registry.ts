import type { Platform } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import type { Driver } from '../driver.ts';
import { bird } from './bird.ts';
import { eos } from './eos.ts';
import { frr } from './frr.ts';
import { generic } from './generic.ts';
import { hp_comware } from './hp_comware.ts';
import { huawei_vrp } from './huawei_vrp.ts';
import { ios } from './ios.ts';
import { iosxr } from './iosxr.ts';
import { junos } from './junos.ts';
import { linux } from './linux.ts';
import { netconf } from './netconf.ts';
import { nxos } from './nxos.ts';

const drivers: Partial<Record<Platform, Driver>> = {
  bird,
  eos,
  frr,
  generic,
  hp_comware,
  huawei_vrp,
  ios,
  iosxr,
  junos,
  linux,
  netconf,
  nxos,
};

/** The driver of a platform. @throws PlumbError `unsupported` where there is none */
export const driverFor = (platform: Platform): Driver => {
  const driver = drivers[platform];
  if (driver) return driver;
  throw new PlumbError('unsupported', `no driver for platform "${platform}"`, {
    hint: `platforms with a driver: ${Object.keys(drivers).join(', ')}`,
  });
};
