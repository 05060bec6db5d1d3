import { PlumbError } from '../../core/errors.ts';
import type { Platform } from '../../core/platform-names.ts';
import { admitPlatform } from '../../core/platform-names.ts';
import { registerPlatformSecrets } from '../../core/redact/registry.ts';
import type { Driver } from '../driver.ts';
import { bird } from './bird/platform.ts';
import { eos } from './eos/platform.ts';
import { frr } from './frr/platform.ts';
import { generic } from './generic/platform.ts';
import { hp_comware } from './hp_comware/platform.ts';
import { huawei_vrp } from './huawei_vrp/platform.ts';
import { ios } from './ios/platform.ts';
import { iosxr } from './iosxr/platform.ts';
import { junos } from './junos/platform.ts';
import { linux } from './linux/platform.ts';
import { netconf } from './netconf/platform.ts';
import { nxos } from './nxos/platform.ts';

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
    throw new PlumbError('invalid_request', `${file}: platform "${driver.platform}" already has a driver`, {
      hint: 'choose another name for yours',
    });
  }
  drivers[driver.platform] = driver;
  if (driver.secrets) registerPlatformSecrets(driver.platform, driver.secrets);
  admitPlatform(driver.platform, driver.capabilities.transports);
};

/** Every driver that there is, those that were loaded from files included. */
export const allDrivers = (): Driver[] => Object.values(drivers).flatMap((driver) => driver ?? []);

/** The driver of a platform. @throws PlumbError `unsupported` where there is none */
export const driverFor = (platform: Platform): Driver => {
  const driver = Object.hasOwn(drivers, platform) ? drivers[platform] : undefined;
  if (driver) return driver;
  throw new PlumbError('unsupported', `no driver for platform "${platform}"`, {
    hint: `platforms with a driver: ${Object.keys(drivers).join(', ')}`,
  });
};
