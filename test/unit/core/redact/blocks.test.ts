import { describe, expect, it } from 'vitest';
import { redact } from '../../../../core/redact/redact.ts';
import { redactAll } from '../../../../core/redact/redact-all.ts';

const canary = 'C4nary-tweet';

/** Data in which ¤ is a secret: what it becomes must hold nothing of it, and everything else. */
const documents: Readonly<Record<string, readonly string[]>> = {
  XML: [
    '<snmp><community><name>¤</name><authorization>read-only</authorization></community></snmp>',
    '<snmp>\n  <trap-group>\n    <name>¤</name>\n  </trap-group>\n</snmp>',
    '<ntp><authentication-key><name>1</name><type>md5</type><value>¤</value></authentication-key></ntp>',
    '<md5><name>1</name><key>¤</key></md5>',
    '<oc:auth-password>¤</oc:auth-password>',
    '<password-hashed>¤</password-hashed><username>ann</username>',
    '<key-string><keystring>¤</keystring></key-string>',
    '<key-string><hexadecimal-string>¤</hexadecimal-string></key-string>',
    '<radius><shared-secret>¤</shared-secret></radius>',
    '<user><name>ann</name><password type="clear">¤\n  second line ¤</password></user>',
    '<server password="¤" host="a"/></server>',
    '<secret>¤</secret>',
    '<config>username bob password 0 ¤\nhostname r1</config>',
    `<data>${'<interface><name>xe</name></interface>'.repeat(400)}<psk>¤</psk></data>`,
  ],
  JSON: [
    '{"secret": [{"data": "¤"}], "name": "x"}',
    '{"name": "DB_PASSWORD", "value": "¤"}',
    '{"openconfig-system:password": "¤"}',
    '{"cmds": {"username bob secret 5 ¤": {}, "hostname r1": {}}}',
    '{"authentication-key": {"key-id": 7, "value": "¤", "plain": ["¤"]}}',
    '{"diff": "-snmp-server community ¤ ro\\n+snmp-server community ¤2 ro\\n hostname r1"}',
    '{"nested": "{\\"token\\": \\"¤\\"}"}',
    '{"config": "key \\"k\\" { secret \\"¤\\"; };"}',
  ],
  'texts of several lines': [
    'key: |\n  ¤\n  ¤\nother: x',
    'a:\n  - private_key: >-\n      ¤\n\n      ¤\n    name: x',
    '<tls-crypt>\n-----BEGIN OpenVPN Static key V1-----\n¤\n-----END OpenVPN Static key V1-----\n</tls-crypt>\nproto udp',
    '<auth-user-pass>\nbob\n¤\n</auth-user-pass>\nproto udp',
    'PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\nQzRuYXJ5LXR3ZWV0\nPrivate-MAC: ¤',
    'tacacs server T\n address ipv4 192.0.2.1\n key 12345678\n timeout 3'.replace('12345678', '¤'),
  ],
};

describe.each(Object.entries(documents))('secrets in %s', (kind, texts) => {
  it.each(texts)('are masked, and nothing else: %s', async (text) => {
    const masked = redact(text.replaceAll('¤', canary));
    expect(masked).not.toMatch(/C4nary|tweet|QzRuYXJ5/);
    expect(masked.split('\n').length).toBe(text.split('\n').length);
    expect(redact(masked)).toBe(masked);
    for (const kept of ['read-only', 'username>ann', 'hostname r1', 'other: x', 'name: x', 'proto udp', 'timeout 3'])
      if (text.includes(kept)) expect(masked).toContain(kept);
    if (kind === 'JSON') {
      JSON.parse(masked);
      expect(JSON.stringify(await redactAll(JSON.parse(text.replaceAll('¤', canary))))).not.toMatch(/C4nary|tweet/);
    }
  });
});

describe('what looks like a secret by itself', () => {
  const shapes = [
    '$1$salt$0rN7R8PKwC30AsCGA77vy.',
    '$6$rounds=5000$salt$0rN7R8PKwC30AsCGA77vy',
    '$9$i.m5OBEevLz3RSevx7-VwgZj5TFCA0Tz9p',
    '$8$aes256-gcm$hmac-sha2-256$100$abc$def$ghi',
    '$14$abcd$efghijklmnop',
    '$y$j9T$abc$defghijklmnop',
    '$2b$12$abcdefghijklmnopqrstuv',
    '$1c$sTNAlR6rKSw=',
    '$c$3$abcdefghijk==',
    '{SSHA}0rN7R8PKwC30AsCGA77vy==',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-DEF_123',
    'AKIAIOSFODNN7EXAMPLE',
    'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    'xoxb-1234567890-abcdefghijkl',
    'SUAM2EN4Z5QXLSZ6CVVT6Z3DVXRZVCNVZIVGVJLQ3JQ7ZHVBRJXRJ5C7SY',
    'GNYfJ9uPdqkWz3mBvT7cXh2RsLgE5aK1oQ8iYw0Z4Vs=',
    '%^%#a*b{c}d%^%#',
  ];
  it.each(shapes)('is masked whatever stands before it: %s', (shape) => {
    for (const before of ['', 'something ', 'thing="', 'x: ', '   a { b ']) {
      const masked = redact(`${before}${shape}`);
      expect(masked).not.toContain(shape.slice(4, 16));
      expect(masked).toContain('<secret>');
    }
  });

  it('is a type 7 key behind a word that says so', () => {
    for (const line of [
      'some-key 7 0822455D0A165445',
      'authenticate encrypted 0822455D0A165445',
      'esp 0x0822455d0a165445aa',
      'Key=0822455d0a165445aa',
      '    key: "0822455d0a165445aa"',
      'mail-server ann:0822455xyz@192.0.2.1 priority 1',
      'grub.pbkdf2.sha512.10000.0822455D.AB',
    ])
      expect(redact(line)).not.toContain('0822455');
  });
});

describe('a line too long to look through', () => {
  const long = `${'x'.repeat(9000)} password hunter2`;
  it('is not shown, and that is said', () => {
    expect(redact(`hostname r1\n+ ${long}\nntp server 192.0.2.1`)).toBe(
      'hostname r1\n+ <line of 9019 characters: too long to check for secrets, not shown>\nntp server 192.0.2.1',
    );
    expect(redact(redact(long))).toBe(redact(long));
  });
});
