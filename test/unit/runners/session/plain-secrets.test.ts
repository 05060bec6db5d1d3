import { describe, expect, it } from 'vitest';
import { platformSecrets } from '../../../../core/redact/platforms/all.ts';
import { targetOf } from '../../../../lab/proof/target.ts';
import { refusePlainSecrets, withPlainSecrets } from '../../../../runners/session/text/plain-secrets.ts';

const { eos, ios, nxos, iosxr, junos } = platformSecrets;
const rules = { eos, ios, nxos, iosxr, junos };
const target = (options = {}) => targetOf({ platform: 'eos', options }, { knownHosts: '' });

/** Lines with a secret as people type it, and as the device prints it or without one. */
const lines: Record<keyof typeof rules, { plain: string[]; stored: string[] }> = {
  eos: {
    plain: [
      'enable password hunter2',
      'enable secret 0 hunter2',
      'username bob secret hunter2',
      'username bob privilege 15 role network-admin secret 0 hunter2',
      'aaa root secret hunter2',
      '   neighbor 10.0.0.1 password hunter2',
      '   neighbor SPINES password 0 hunter2',
      'tacacs-server key 0 hunter2',
      'tacacs-server host 192.0.2.1 vrf MGMT key hunter2',
      'radius-server host 192.0.2.1 key 0 hunter2',
      '   ip ospf authentication-key hunter2',
      '   ip ospf message-digest-key 1 sha512 0 hunter2',
      '   isis authentication key hunter2',
      'ntp authentication-key 1 sha1 0 hunter2',
      'snmp-server user bob admins v3 auth sha hunter222 priv aes hunter222',
    ],
    stored: [
      'enable password sha512 $6$abc$def',
      'no enable password',
      'username bob privilege 15 role network-admin secret sha512 $6$abc$def',
      'username bob privilege 15 role network-admin nopassword',
      'no aaa root',
      '   neighbor 10.0.0.1 password 7 $1c$abc==',
      '   password encryption-key common',
      'tacacs-server host 192.0.2.1 key 7 0804571E',
      '   isis authentication key 7 $1c$abc==',
      '   isis authentication mode md5',
      'ntp authentication-key 1 sha1 7 0804571E',
      'snmp-server user bob admins v3 localized f5717f auth sha 0xabc priv aes 0xdef',
      'snmp-server community public ro',
    ],
  },
  ios: {
    plain: [
      'enable secret hunter2',
      'enable secret 0 hunter2',
      'enable password hunter2',
      'username bob privilege 15 secret hunter2',
      'username bob password 0 hunter2',
      ' password hunter2',
      ' neighbor 10.0.0.1 password hunter2',
      'tacacs-server key hunter2',
      'radius-server host 192.0.2.1 key 0 hunter2',
      ' key hunter2',
      '  key-string hunter2',
      ' ip ospf authentication-key hunter2',
      ' ip ospf message-digest-key 1 md5 0 hunter2',
      ' standby 1 authentication md5 key-string hunter2',
      'ntp authentication-key 1 md5 hunter2',
    ],
    stored: [
      'enable secret 9 $9$abc',
      'username bob privilege 15 secret 5 $1$abc',
      'username bob password 7 0804571E',
      ' password 7 0804571E',
      ' key 1',
      'key chain K',
      'key chain M macsec\n key 0abc1234\n  key-string 7 0804571E',
      '  key-string 7 0804571E',
      ' neighbor 10.0.0.1 password 7 0804571E',
      'ntp authentication-key 1 md5 0804571E 7',
    ],
  },
  nxos: {
    plain: [
      'username bob password hunter2 role network-operator',
      'username bob password 0 hunter2',
      'enable secret hunter2',
      'snmp-server user bob network-admin auth md5 hunter22 priv hunter22',
      '    password hunter2',
      '    password 0 hunter2',
      'tacacs-server host 192.0.2.1 key hunter2',
      'radius-server key 0 hunter2',
      '    key-string hunter2',
      '  ip ospf authentication-key hunter2',
      '  ip ospf message-digest-key 1 md5 0 hunter2',
      'ntp authentication-key 1 md5 hunter2',
    ],
    stored: [
      'username bob password 5 $5$abc$def  role network-operator',
      'no password strength-check',
      'password strength-check',
      'snmp-server user bob network-admin auth md5 0xabc priv 0xdef localizedkey',
      '    password 3 9125d59c18a9b015',
      'tacacs-server host 192.0.2.1 key 7 "fewhg" port 49',
      '    key-string 7 070c285f4d06',
      'ntp authentication-key 1 md5 kapptox 7',
    ],
  },
  iosxr: {
    plain: [
      ' secret hunter2',
      ' secret 0 hunter2',
      ' password clear hunter2',
      '  password hunter2',
      'tacacs-server host 192.0.2.1 key hunter2',
      ' key 0 hunter2',
      '  key-string clear hunter2',
      ' authentication-key clear hunter2',
      ' authentication-key 1 md5 clear hunter2',
      ' message-digest-key 1 md5 hunter2',
      ' lsp-password hmac-md5 hunter2',
      '  hello-password clear hunter2',
      'snmp-server user bob admins v3 auth sha clear hunter2',
    ],
    stored: [
      ' secret 10 $6$abc$def',
      ' password 7 0804571E',
      '  password encrypted 0804571E',
      '  password inheritance-disable',
      ' key 1',
      ' key 7 0804571E',
      '  key-string password 0804571E',
      ' authentication-key 1 md5 encrypted 0804571E',
      ' hello-password hmac-md5 encrypted 0804571E',
      'snmp-server user bob admins v3 auth sha encrypted 0804571E',
    ],
  },
  junos: {
    plain: [
      '        plain-text-password-value "hunter2";',
      '            authentication-key "hunter2";',
      '            authentication-key hunter2;',
      '        secret hunter2;',
      '        secret "hunter2"; ## SECRET-DATA',
      '            md5 1 key "hunter2";',
      'set protocols bgp group g authentication-key hunter2',
      'set system radius-server 192.0.2.1 secret "hunter2"',
      '    pre-shared-key ascii-text "hunter2";',
      '    authentication-key 1 type md5 value "hunter2";',
    ],
    stored: [
      '        encrypted-password "$6$abc$def"; ## SECRET-DATA',
      '            authentication-key "$9$abc"; ## SECRET-DATA',
      '        secret "$9$abc"; ## SECRET-DATA',
      '            md5 1 key "$9$abc"; ## SECRET-DATA',
      '    authentication-key 1 type md5 value "$9$abc"; ## SECRET-DATA',
      '    authentication-key-chains {',
      'set system radius-server 192.0.2.1 secret "$9$abc"',
    ],
  },
};

describe.each(Object.entries(lines))('secrets on %s', (name, { plain, stored }) => {
  const known = rules[name as keyof typeof rules];
  const config = (line: string) => `! one\nservice password-encryption\n${line}\n`;

  it.each(plain)('are refused as they are typed: %s', (line) => {
    expect(() => refusePlainSecrets(config(line), known, target())).toThrow(
      expect.objectContaining({ code: 'refused', line: 3, hint: expect.stringContaining('write it as the device') }),
    );
    refusePlainSecrets(config(line), known, target({ plainSecrets: true }));
  });

  it.each(stored)('are taken as the device prints them: %s', (line) => {
    refusePlainSecrets(config(line), known, target());
  });
});

describe('a secret that the inventory lets be in plain text', () => {
  const intent = 'hostname r1\nusername bob secret hunter2\n';
  const candidate = (diff: string) => ({
    unstable: [],
    diff: async () => diff,
    commit: () => Promise.reject(new Error('not committed here')),
    [Symbol.asyncDispose]: async () => {},
  });
  const asked = async (diff: string, running: string) => {
    const wrapped = withPlainSecrets(candidate(diff), intent, eos, async () => running);
    return { diff: await wrapped.diff(), unstable: wrapped.unstable };
  };
  const stored = 'username bob secret sha512 $6$abc$def';
  const again = `@@ -1 +1 @@\n hostname r1\n-${stored}\n+username bob secret sha512 $6$ghi$jkl`;

  it('is named as unstable, and no difference where only its stored form differs', async () => {
    expect(await asked(again, stored)).toEqual({ diff: '', unstable: ['username bob secret <secret>'] });
  });

  it('is shown with all that differs besides', async () => {
    const diff = `${again}\n+interface Loopback7`;
    expect(await asked(diff, stored)).toEqual({ diff, unstable: ['username bob secret <secret>'] });
  });

  it('is a difference where the device does not have it yet', async () => {
    expect(await asked(again, 'hostname r1\n')).toEqual({ diff: again, unstable: [] });
  });
});
