import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../../../../core/inventory/schema.ts';
import { guardAgainst, guardText } from '../../../../runners/lifecycle/guards.ts';

const hostnameOf = (config: string) => /^hostname (\S+)/m.exec(config)?.[1];
const guarded = (text: string | Uint8Array, policy = {}) => ({
  body: typeof text === 'string' ? Buffer.from(text) : text,
  device: 'leaf1',
  hostnames: ['leaf1'],
  policy: { ...defaultPolicy, ...policy },
  mode: 'replace' as const,
  keepsBytes: false,
  hostnameOf,
});
const good = 'hostname leaf1\nrouter bgp 65001\n neighbor 10.0.0.0 remote-as 65000\n';

describe('a text is refused before the device is touched', () => {
  it.each([
    ['empty', '', 'is empty', undefined],
    ['blank', ' \n\n', 'is empty', undefined],
    ['tiny', 'hostname x\n', 'too few', undefined],
    ['holding a NUL', 'hostname leaf1\nrouter\0bgp 65001\n', 'NUL', 2],
    ['not UTF-8', Uint8Array.from([...Buffer.from('hostname leaf1\nbanner '), 0xff, 0xfe]), 'not valid UTF-8', 2],
    ['of an unfinished merge', `${good}<<<<<<< HEAD\nx\n`, 'conflict mark', 4],
    ['with a template leftover', `${good}interface {{ name }}\n`, 'leftover of a template', 4],
    ['larger than allowed', `${good}${'!\n'.repeat(3_000_000)}`, 'bytes', undefined],
  ])('when it is %s', (_, text, why, line) => {
    expect(() => guardText(guarded(text))).toThrow(
      expect.objectContaining({ code: 'refused', message: expect.stringContaining(why), line }),
    );
  });

  it('and told how much may be allowed, where it is larger', () => {
    const hint = expect.stringContaining('`policy.maxBytes` in inventory.yml may allow up to 8388608');
    expect(() => guardText(guarded(good, { maxBytes: 20 }))).toThrow(expect.objectContaining({ hint }));
  });

  it.each([
    ['UTF-16 with its mark', Buffer.from(`\uFEFF${good}`, 'utf16le'), 'iconv -f utf-16 -t utf-8'],
    ['UTF-16 without it', Buffer.from(good, 'utf16le'), 'iconv -f utf-16le -t utf-8'],
    ['Latin-1', Buffer.from(`${good}banner caf\xe9\n`, 'latin1'), 'iconv -f latin1 -t utf-8'],
  ])('and told how to convert it, where it is %s', (_, body, command) => {
    const hint = expect.stringContaining(command);
    expect(() => guardText(guarded(body))).toThrow(expect.objectContaining({ code: 'refused', hint }));
  });

  it('but not for a character that stands for one that could not be read', () => {
    expect(guardText(guarded(`${good}banner \uFFFD\n`))).toContain('\uFFFD');
  });

  it('but not for a banner of equals signs or CRLF line ends', () => {
    expect(guardText(guarded(`${good}banner\r\n=======\r\n`))).toBe(`${good}banner\n=======\n`);
  });
});

describe('a text is refused against what runs', () => {
  const running = good + Array.from({ length: 20 }, (_, index) => ` network 10.${index}.0.0/16\n`).join('');
  const against =
    (text: string, policy = {}) =>
    () =>
      guardAgainst(running, text, guarded(text, policy));

  it('when it is for another device', () => {
    expect(against(running.replace('leaf1', 'leaf2'))).toThrow(/line 1: the text is for host name "leaf2"/);
  });

  it('but not when the device itself has that name, or a domain after it', () => {
    expect(against(running.replace('leaf1', 'leaf1.example.net'))).not.toThrow();
    const other = running.replace('leaf1', 'old-name');
    expect(() => guardAgainst(other, other, guarded(other))).not.toThrow();
  });

  it('when it loses 40 % of the lines', () => {
    const lines = running.split('\n');
    expect(against(lines.slice(0, Math.floor(lines.length * 0.6)).join('\n'))).toThrow(/(?:39|4\d) % fewer/);
    expect(against(lines.slice(0, Math.floor(lines.length * 0.8)).join('\n'))).not.toThrow();
  });

  it('when it is for another device, naming this one once', () => {
    const text = running.replace('hostname leaf1', 'hostname leaf2');
    expect(against(text)).toThrow(/for host name "leaf2", this device is "leaf1"$/);
  });

  it('when it loses a protected line', () => {
    const protect = [' network 10.3.0.0/16'];
    expect(against(running.replace(' network 10.3.0.0/16\n', ''), { protect })).toThrow(
      /protected line "network 10.3.0.0\/16"/,
    );
    expect(against(running, { protect })).not.toThrow();
  });
});
