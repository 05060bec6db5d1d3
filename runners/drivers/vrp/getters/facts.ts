import type { Getter, Inputs } from '../../../getters/getter.ts';
import { pick } from '../../../getters/values.ts';
import type { Facts } from '../../../shapes.ts';
import { uptimeInWords } from '../../ios/getters/facts.ts';

const brief = 'display interface brief';
const addresses = 'display ip interface brief';
const sysname = 'display current-configuration | include sysname';

/** The first word of each row of the tables, each of which begins with a line that says Interface. Members are indented. */
const interfacesOf = (text: string): string[] => {
  const names: string[] = [];
  let inside = false;
  for (const line of text.split('\n')) {
    if (/^Interface\s/.test(line)) inside = true;
    else if (line.trim() === '') inside = false;
    else if (inside) names.push(line.trim().replace(/[\s(].*$/, ''));
  }
  return names;
};

const common = (inputs: Inputs) => {
  const version = inputs.get('display version') ?? '';
  const hostname = pick(inputs.get(sysname) ?? '', /^[ \t]*sysname (\S+)/m) ?? null;
  return {
    hostname,
    fqdn: hostname,
    uptime: uptimeInWords(/uptime is (.+)/i.exec(version)?.[1]),
    interface_list: interfacesOf(inputs.get(brief) ?? inputs.get(addresses) ?? ''),
  };
};

/** Huawei VRP, from the CLI's text. */
export const vrpFacts: Getter<Facts> = {
  requests: ['display version', sysname, 'display esn', brief],
  parse: (inputs) => {
    const version = inputs.get('display version') ?? '';
    return {
      ...common(inputs),
      vendor: 'Huawei',
      model: pick(version, /^(?:huawei|quidway) (.+?)(?: Router| Switch| Routing Switch)? uptime is/im) ?? null,
      os_version: pick(version, /VRP \(R\) software, Version (.+)/i) ?? null,
      serial_number: pick(inputs.get('display esn') ?? '', /ESN[^:\n]{0,80}:\s*(\S+)/) ?? null,
    };
  },
};

/** HP Comware, from the CLI's text. */
export const comwareFacts: Getter<Facts> = {
  requests: ['display version', sysname, 'display device manuinfo', brief],
  parse: (inputs) => {
    const version = inputs.get('display version') ?? '';
    return {
      ...common(inputs),
      vendor: /^[ \t]*H3C /m.test(version) ? 'H3C' : 'HPE',
      model: pick(version, /^(?:H3C|HPE?|HP) (.+?) (?:Switch )?uptime is/m) ?? null,
      os_version: pick(version, /Comware Software, Version (.+)/) ?? null,
      serial_number: pick(inputs.get('display device manuinfo') ?? '', /DEVICE_SERIAL_NUMBER\s*:\s*(\S+)/) ?? null,
    };
  },
};
