import { addressesFrom } from '../../../ios/getters/interfaces-ip.ts';

/** From the CLI's text, all VRFs: IOS-XR writes these blocks as IOS does. */
export const interfacesIp = addressesFrom('show ipv4 vrf all interface', 'show ipv6 vrf all interface');
