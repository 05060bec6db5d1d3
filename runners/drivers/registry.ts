import type { Platform } from '../../core/bus.ts';
import { PlumbError } from '../../core/errors.ts';
import { admitPlatform } from '../../core/platform-names.ts';
import { registerPlatformSecrets } from '../../core/redact/registry.ts';
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

/**
 * Adds a driver that was loaded from a file, under its own platform name.
 *
 * @throws PlumbError `invalid_request` where the name is taken
 */
export const registerDriver = (driver: Driver, file: string): void => {
  if (Object.hasOwn(drivers, driver.platform)) {
    throw new PlumbError('invalid_request', `${file}: there is a driver for platform "${driver.platform}" already`, {
      hint: 'give yours another name: options of a device are no reason for a driver of its own',
    });
  }
  drivers[driver.platform] = driver;
  if (driver.secrets) registerPlatformSecrets(driver.platform, driver.secrets);
  admitPlatform(driver.platform, driver.capabilities.transports);
};

/** The driver of a platform. @throws PlumbError `unsupported` where there is none */
export const driverFor = (platform: Platform): Driver => {
  const driver = Object.hasOwn(drivers, platform) ? drivers[platform] : undefined;
  if (driver) return driver;
  throw new PlumbError('unsupported', `no driver for platform "${platform}"`, {
    hint: `platforms with a driver: ${Object.keys(drivers).join(', ')}`,
  });
};
