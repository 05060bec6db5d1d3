import { describe, expect, it } from 'vitest';
import { normalise, replaceFile } from '../../../../runners/drivers/ios/config.ts';

describe('a file for configure replace', () => {
  it('keeps its line numbers, loses headers, and gets the end that IOS wants', () => {
    const text = 'Building configuration...\n\nCurrent configuration : 7013 bytes\n!\nversion 16.12\nhostname r1\n';
    expect(replaceFile(text, 'r1')).toBe('!\n\n!\n!\nversion 16.12\nhostname r1\nend\n');
  });

  it('holds the character that IOS shows as ^C around banners, as IOS reads it from a file', () => {
    const text = 'version 16.12\nbanner motd ^C\n ~ keep out\n^C\nbanner login ^CHi^C\nend\n';
    expect(replaceFile(text, 'r1')).toBe(
      'version 16.12\nbanner motd \u0003\n ~ keep out\n\u0003\nbanner login \u0003Hi\u0003\nend\n',
    );
  });

  it('is refused without a version line, and with a banner that does not end', () => {
    expect(() => replaceFile('hostname r1\nend\n', 'r1')).toThrow(/no "version" line/);
    expect(() => replaceFile('version 16.12\nbanner motd ^C\nopen\n', 'r1')).toThrow(
      /line 2: this banner does not end/,
    );
  });

  it('compares without dates and sizes', () => {
    const text =
      '! Last configuration change at 12:44:10 UTC Sat May 29 2021 by boxen\n!\nversion 16.12\nntp clock-period 17\n';
    expect(normalise(text)).toBe('version 16.12\n');
  });
});
