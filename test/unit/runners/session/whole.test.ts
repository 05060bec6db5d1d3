import { describe, expect, it } from 'vitest';
import { banner } from '../../../../runners/drivers/cisco/texts.ts';
import { whole } from '../../../../runners/session/text/whole.ts';

const text = 'hostname leaf1\n!\ninterface Ethernet1\n description one\n!\nend\n';
const read = (config: string) => whole('leaf1', config, { lastLine: /^end$/, texts: [banner] });

describe('what runs on a device', () => {
  it.each([
    ['as it is', text],
    ['with blank lines at its end', `${text}\n \n`],
    ['with a complaint in a banner', text.replace('!\n', 'banner motd ~\n% Internal error\n~\n!\n')],
    ['with a % that begins no complaint', text.replace('one', '% Internal error')],
  ])('is whole %s', (_, config) => {
    expect(read(config)).toBe(config);
  });

  it.each([
    ['ends early', text.slice(0, 45), 'it ends with "desc'],
    ['is empty', '', 'it ends with ""'],
    [
      'has a complaint in the place of a part',
      text.replace(' description', '% Internal error\n description'),
      'line 4',
    ],
    ['ends in a complaint', '% Internal error', 'Internal error'],
  ])('is none where it %s', (_, config, why) => {
    expect(() => read(config)).toThrow(
      expect.objectContaining({ code: 'closed', message: expect.stringContaining(why) }),
    );
  });
});
