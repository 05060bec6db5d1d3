import { afterEach, describe, expect, it } from 'vitest';
import { forgetSecrets, redact, registerSecret } from '../../../../core/redact/redact.ts';
import { redactAll } from '../../../../core/redact/redact-all.ts';

const canary = 'C4nary-tweet';
/** The canary where each platform keeps a secret, as text or as a stored form. */
const secretLines: Record<string, readonly string[]> = {
  'Cisco and EOS': [
    'snmp-server community ¤ ro',
    'snmp-server host 192.0.2.1 traps version 2c ¤',
    'snmp-server host 192.0.2.1 ¤',
    'snmp-server host 192.0.2.1 vrf MGMT informs version 3 auth ¤',
    'snmp-server user joe ops v3 auth sha ¤ priv aes 128 ¤',
    'snmp-server user joe ops v3 encrypted auth md5 ¤ priv des56 ¤',
    'snmp-server user joe ops v3 localized f5717f auth sha512 ¤ priv aes256 ¤',
    'username joe privilege 15 password 0 ¤',
    'username joe privilege 15 role network-admin secret sha512 $6$aaaaaaaa$¤',
    'username joe secret 9 $9$abc$¤',
    'username joe secret ¤',
    'enable password ¤',
    'enable password level 15 7 ¤',
    'enable secret 5 $1$salt$¤',
    'aaa root secret 5 $1$salt$¤',
    ' password 7 ¤',
    ' secret 10 ¤',
    ' wpa-psk ascii 7 ¤',
    ' key 7 ¤',
    'tacacs-server host 192.0.2.1 key 7 ¤',
    'tacacs-server key ¤',
    'radius-server host 192.0.2.1 auth-port 1812 key ¤',
    'radius-server key 7 ¤',
    'tacacs server T1\n address ipv4 192.0.2.1\n key ¤',
    'crypto isakmp key ¤ address 192.0.2.1',
    'crypto isakmp key 6 ¤ address 0.0.0.0',
    ' pre-shared-key ¤',
    ' pre-shared-key local 6 ¤',
    ' pre-shared-key address 192.0.2.1 key ¤',
    ' ip ospf message-digest-key 1 md5 7 ¤',
    ' ip ospf authentication-key ¤',
    ' area 0 virtual-link 192.0.2.1 authentication-key 7 ¤',
    ' isis authentication key 7 ¤',
    ' isis password ¤',
    ' area-password ¤',
    ' lsp-password hmac-md5 encrypted ¤',
    ' neighbor 192.0.2.1 password 7 ¤',
    ' neighbor SPINES password ¤',
    '  password encrypted ¤',
    ' standby 1 authentication md5 key-string 7 ¤',
    ' vrrp 1 authentication text ¤',
    ' standby 1 authentication ¤',
    ' key-string 7 ¤',
    '  key-string ¤',
    '   key-string password 0822¤',
    ' ppp chap password 0 ¤',
    ' ppp pap sent-username joe password ¤',
    'ntp authentication-key 1 md5 ¤ 7',
    'ip nhrp authentication ¤',
    'ip rip authentication string ¤',
    'ip http client password ¤',
    ' shared-key 7 ¤',
    '   key 0abc1234 7 ¤',
    'exec /usr/bin/TerminAttr -cvauth=key,¤ -cvvrf=MGMT',
  ],
  FRR: [
    'password ¤',
    'enable password ¤',
    'password 8 ¤',
    ' neighbor 192.0.2.1 password ¤',
    ' neighbor fd00::1 password ¤',
    ' ip ospf authentication-key ¤',
    ' ip ospf message-digest-key 1 md5 ¤',
    ' isis password md5 ¤',
    ' area-password clear ¤ authenticate snp send-only',
    ' domain-password md5 ¤',
    ' ip rip authentication string ¤',
    '  key-string ¤',
    ' ip nhrp authentication ¤',
    "vtysh -c 'router bgp 1' -c 'neighbor 192.0.2.1 password ¤'",
  ],
  Junos: [
    '        encrypted-password "$6$salt$¤"; ## SECRET-DATA',
    '    secret "$9$¤abc"; ## SECRET-DATA',
    '        authentication-key "$9$¤abc";',
    '        authentication-key ¤;',
    '    pre-shared-key ascii-text "$9$¤abc";',
    '    pre-shared-key hexadecimal ¤;',
    'set system root-authentication encrypted-password "$1$salt$¤"',
    'set protocols bgp group x authentication-key "$9$¤abc"',
    'snmp {\n    community ¤ {\n        authorization read-only;\n    }\n}',
    'set snmp community ¤ authorization read-only',
    '    community ¤;',
    '            authentication-password "$9$¤abc";',
    '                privacy-key "$9$¤abc";',
    '<encrypted-password>$6$salt$¤</encrypted-password>',
    '<secret>¤</secret>',
  ],
  'Huawei and Comware': [
    ' local-user joe password irreversible-cipher ¤',
    ' local-user joe password cipher ¤',
    ' password simple ¤',
    ' password hash ¤',
    ' peer 192.0.2.1 password cipher ¤',
    ' peer 192.0.2.1 password simple ¤',
    ' super password level 3 cipher ¤',
    ' snmp-agent community read cipher ¤',
    ' snmp-agent community write ¤',
    ' snmp-agent community read simple ¤',
    ' snmp-agent usm-user v3 joe authentication-mode sha cipher ¤ privacy-mode aes128 cipher ¤',
    ' ospf authentication-mode md5 1 cipher ¤',
    ' ospf authentication-mode simple plain ¤',
    ' radius-server shared-key cipher ¤',
    ' key authentication simple ¤',
    ' pre-shared-key cipher ¤',
    ' set authentication password cipher ¤',
    ' isis authentication-mode md5 cipher ¤',
    ' local-user joe password irreversible-cipher $1c$¤;abc$',
    ' password hash $h$6$¤==',
    ' radius-server shared-key-cipher %^%#¤%^%#',
    ' some-line-we-never-saw %^%#¤{x}%^%# more',
    ' some-line-we-never-saw @%@%¤@%@% more',
    ' md5-password cipher 192.0.2.1 ¤',
    ' md5-password plain 192.0.2.1 ¤',
    ' snmp-agent target-host trap address udp-domain 192.0.2.1 params securityname ¤ v2c',
    ' snmp-agent target-host trap address udp-domain 192.0.2.1 params securityname cipher ¤ v2c',
  ],
  'statements whose secret stands behind other words': [
    ' password 0 ¤ two words',
    'enable secret level 3 9 ¤',
    'security wpa psk set-key ascii 0 ¤ two words',
    ' hello-password text clear ¤',
    ' text encrypted ¤',
    ' password6 encrypted ¤',
    ' neighbor 192.0.2.1 password encrypted ¤',
    ' set session-key inbound ah 256 ¤',
    ' set session-key outbound esp 256 cipher ¤ authenticator ¤',
    ' ipv6 ospf authentication ipsec spi 500 md5 0 ¤',
    ' ipv6 ospf encryption ipsec spi 1001 esp aes-cbc 128 ¤ sha1 ¤',
    ' encryption ipsec spi 256 esp 3des clear ¤ authentication md5 clear ¤',
    ' key 0123 7 ¤ fallback',
    'mka ckn 11 cak ¤',
    'vtp password ¤',
    'license smart register idtoken ¤',
    'digest secret 0 ¤ hash MD5',
    'domain-password ¤ authenticate snp validate',
    'snmp-server host 192.0.2.1 informs version 3 priv ¤ memory',
    'snmp-server mib community-map ¤ context C',
    'rmon event 1 log trap ¤ description FATAL(1) owner PMON@FATAL',
    'ip pim hello-authentication ah-md5 3 ¤',
    'kerberos srvtab entry host/x@R 0 891725446 4 1 8 ¤',
    ' standby authentication ¤',
    ' ip authentication-key 7 ¤',
    'feature-of-2040 fabric shared-key hex ¤',
  ],
  'Junos in one line, in braces and as set commands': [
    'tacplus-server 192.0.2.1 secret ¤;',
    'tacplus-server { 192.0.2.1 { secret ¤; } }',
    'authentication { md5 1 key ¤; }',
    'set protocols ospf area 0 interface x authentication md5 1 key ¤',
    'set system ntp authentication-key 1 type md5 value ¤',
    'set snmp v3 snmp-community 1 community-name ¤',
    'snmp {\n    trap-group ¤ {\n        targets {\n            192.0.2.1;\n        }\n    }\n}',
    'set snmp trap-group ¤ targets 192.0.2.1',
    'set security macsec connectivity-association ca1 pre-shared-key ckn 37 cak ¤',
    'set security ipsec security-association s manual direction bidirectional authentication key ascii-text ¤',
    'set access profile p client c chap-secret ¤',
    'archive-sites {\n    "scp://u@192.0.2.1:/x" password "¤";\n}',
    '[edit snmp]\n+   community ¤;',
  ],
  'BIRD and named': [
    'protocol bgp x { neighbor 192.0.2.1 as 1; password "¤"; }',
    ' password "¤ with blanks" { id 1; algorithm hmac sha256; };',
    'key "k" { algorithm hmac-sha256; secret "¤"; };',
  ],
  'files of servers': [
    'PrivateKey = ¤',
    'PresharedKey = ¤',
    'rocommunity ¤ 192.0.2.0/24',
    'rwcommunity6 ¤ default',
    'com2sec local 192.0.2.0/24 ¤',
    'createUser bob SHA "¤" AES ¤',
    'createUser bob SHA256 ¤ AES',
    'trap2sink 192.0.2.1 ¤ 162',
    'trapsess -v 3 -u bob -a SHA -A ¤ -x AES -X ¤ 192.0.2.1',
    'bob * ¤ *',
    'bob  pptpd  "¤ with blanks"  *',
    '1 MD5 ¤',
    '20 SHA1 HEX:¤',
    'masterauth ¤',
    'requirepass ¤',
    'user default on >¤ ~* +@all',
    '    auth_pass ¤',
    ': PSK "¤"',
    '192.0.2.1 %any : PSK ¤',
    'bob : EAP "¤ with blanks"',
    'wpa_passphrase=¤ two words',
    '    psk="¤ with blanks"',
    '"bob" PEAP,TTLS "¤"',
    'wireless-key s:¤',
    'machine h.example.com login bob password ¤',
    'db.example.com:5432:app:bob:¤',
    '[smtp.example.com]:587 bob@example.com:¤',
    'Environment="DB_PASSWORD=¤" "X=1"',
    'Environment=API_TOKEN=¤',
    'SetCredential=db:¤',
    'client x { secret = ¤ }',
    'bob Cleartext-Password := "¤"',
    'key = "¤ with blanks"',
    '    login = cleartext "¤"',
    'AuthLDAPBindPassword ¤',
    'rootpw ¤',
    ':ommysql:127.0.0.1,Syslog,user,¤',
    'action(type="ommysql" server="x" uid="u" pwd="¤")',
    'proxy_set_header Authorization "Basic ¤";',
    '[Wifi]\npsk=¤ two words',
    'access-points:\n  "net":\n    password: "¤ with blanks"',
    '==> /etc/ppp/chap-secrets 0600 <==\nbob pptpd ¤ 192.0.2.9',
    '==> /etc/postfix/sasl_passwd 0600 <==\nsmtp.example.com bob:¤',
    '==> /etc/hostapd.wpa_psk 0600 <==\n00:00:00:00:00:00 ¤ two words',
    '==> /etc/example/api.token 0600 <==\n¤',
    '==> /etc/wireguard/peer.psk 0600 <==\n¤=',
    '==> /etc/shadow 0600 <==\nbob:¤:19000:0:99999:7:::',
  ],
  'command lines': [
    'curl -u bob:¤ https://x.example',
    'curl --user bob:¤ https://x.example',
    'mysql -u bob -p¤ db',
    'mysql --password=¤ db',
    'sshpass -p ¤ ssh bob@h',
    'ldapsearch -x -D cn=x -w ¤',
    'ldapsearch -h 192.0.2.1 -p 389 -D cn=a -w ¤',
    'ipmitool -H 192.0.2.1 -p 623 -U admin -P ¤ power status',
    'redis-cli -h 192.0.2.1 -p 6379 -a ¤',
    'mosquitto_pub -h 192.0.2.1 -p 1883 -u bob -P ¤ -t x',
    'smbclient //h/s -p 445 -U bob%¤',
    'net rpc info -U bob%¤',
    'mysql -h db -P 3306 -u root -p¤ net',
    'snmpset -v1 -c¤ 192.0.2.1',
    'snmpget -v 3 -u bob -l authPriv -A ¤ -x AES -X ¤ 192.0.2.1',
    'lftp -u bob,¤ ftp.example',
    'racadm -r 192.0.2.1 -u root -p ¤ getsysinfo',
    'ncftpput -u bob -p ¤ host . file',
    'mongo -u bob -p ¤ db',
    'docker login -u bob -p ¤ registry.example',
    'http -a bob:¤ https://x.example',
    'radtest bob ¤ 192.0.2.1 0 ¤',
    'xfreerdp /u:bob /p:¤ /v:192.0.2.1',
    'echo bob:¤ | chpasswd',
    'rabbitmqctl add_user bob ¤',
    'smtp_sasl_password_maps = static:bob:¤',
    'snmpwalk -v 2c -c ¤ 192.0.2.1',
    'openssl rsa -passin pass:¤',
    'htpasswd -b /etc/htpasswd bob ¤',
    'ip macsec add macsec0 tx sa 0 pn 1 on key 00 ¤',
    'ExecStart=/usr/bin/x --token ¤ --port 1',
    'sh -c "PGPASSWORD=¤ psql -h h"',
    'copy scp://bob:p@¤@192.0.2.1/x flash:',
    'https://x.example/hook?token=¤&x=1',
    'leaf1: line 3: "neighbor 192.0.2.1 password ¤": % Invalid input',
    'no prompt within 5 s after "username bob secret ¤"',
  ],
  'anything else': [
    'https://joe:¤@router.example/path',
    'nats://joe:¤@127.0.0.1:4222',
    'git clone https://joe:p@¤@host/x.git',
    'Authorization: Basic ¤',
    'Authorization: Bearer ¤',
    'curl -H "Authorization: Bearer ¤" x',
    'Bearer abc.123.¤',
    'Set-Cookie: Session=¤; Path=/',
    'X-API-Key: ¤',
    'NATS_PASSWORD=¤',
    'password: ¤',
    "password = '¤'",
    'PGPASSWORD="¤ with blanks" psql',
  ],
};

const harmless = [
  'service password-encryption',
  'no service password-encryption',
  'password encryption-key common',
  'no password strength-check',
  'username admin privilege 15 role network-admin nopassword',
  'no enable password',
  'ip ssh server algorithm encryption aes256-ctr',
  'cipher aes256-ctr aes128-ctr',
  'key chain BGP',
  ' key 1',
  '   key controller',
  ' isis authentication mode md5',
  ' ip ospf authentication message-digest',
  'certificate STUN-DTLS.crt key STUN-DTLS.key',
  'authentication-order [ password radius ];',
  ' neighbor SPINES send-community extended',
  'ip community-list standard X permit 65000:1',
  'set community 65000:1 additive',
  'aaa authentication login default group tacacs+ local',
  'leaf1: wrong password',
  'leaf1: no password from environment variable LEAF1_PASSWORD: it is not set',
  'policy-options {\n    policy-statement x {\n        from {\n            community CUSTOMERS;\n        }\n    }\n}',
  '/etc/ssl/private/key.pem',
  'http://example.com:8080/path',
  'ssh://git@github.com/x.git',
  'tunnel key 12345',
  ' simple text',
  'description $money$ is short',
];

afterEach(forgetSecrets);

describe.each(Object.entries(secretLines))('the secrets of %s', (_platform, lines) => {
  it.each(lines)('are masked in: %s', (line) => {
    const filled = line.replaceAll('¤', canary);
    const masked = redact(filled);
    expect(masked).not.toContain(canary);
    expect(masked).toContain('<secret>');
    expect(redact(masked), 'a second pass changes nothing').toBe(masked);
  });

  it.each(lines.filter((line) => !line.includes('\n')))(
    'are masked in a diff, which still shows the change: %s',
    (line) => {
      const of = (secret: string) => line.replaceAll('¤', secret);
      const masked = redact(`--- a\n+++ b\n-${of(canary)}\n+${of(`${canary}2`)}\n ${of(canary)}`).split('\n');
      expect(masked.join('\n')).not.toContain('tweet');
      expect(masked.map((one) => one[0])).toEqual(['-', '+', '-', '+', ' ']);
    },
  );
});

describe('masking', () => {
  it.each(harmless)('leaves what is no secret alone: %s', (line) => {
    expect(redact(line)).toBe(line);
  });

  it('takes out the inside of a private key, its two halves and its diff', () => {
    const body = ['MIIEowIBAAKCAQEAwJ0p4s', 'bXlzZWNyZXRrZXlib2R5MTIz', 'c2hvcnQ='];
    const key = ['-----BEGIN RSA PRIVATE KEY-----', ...body, '-----END RSA PRIVATE KEY-----'];
    for (const text of [
      key,
      key.slice(0, -1),
      key.slice(1),
      ['before', ...key, 'after'],
      key.map((line) => `+    ${line}`),
    ]) {
      const masked = redact(text.join('\n'));
      for (const line of body) expect(masked).not.toContain(line);
      expect(masked.split('\n').length).toBe(text.length);
    }
    expect(redact(JSON.stringify({ key: key.join('\n') }))).not.toContain(body[1]);
    expect(redact(`key is ${key.join('\\n')}`)).not.toContain(body[1]);
    expect(redact(`x\n${key.join('\n')}\nhostname leaf1`)).toContain('hostname leaf1');
  });

  it('keeps JSON valid, by field name and by what a text in it holds', async () => {
    const value = {
      username: 'joe',
      password: 'hunter2',
      apiKey: 12345,
      nested: [{ 'auth-token': 'abc', diff: '+ neighbor 192.0.2.1 password hunter2\n- x "quoted"' }],
      count: 3,
      secretary: 'Ann',
    };
    for (const spacing of [0, 2]) {
      const masked = redact(JSON.stringify(value, undefined, spacing));
      expect(masked).not.toMatch(/hunter2|12345|"abc"/);
      expect(JSON.parse(masked)).toMatchObject({ username: 'joe', count: 3, secretary: 'Ann' });
    }
    expect(await redactAll(value)).toEqual({
      ...value,
      password: '<secret>',
      apiKey: '<secret>',
      nested: [{ 'auth-token': '<secret>', diff: '+ neighbor 192.0.2.1 password <secret>\n- x "quoted"' }],
    });
  });

  it('masks a secret that was resolved wherever it stands, whatever characters it has', () => {
    for (const secret of ['a.b*c(d', '$&$1[x]', 'with "quotes" \\ and blanks', 'zażółć', '$6$only']) {
      registerSecret(secret);
      expect(redact(`said ${secret} twice ${secret}!`)).not.toContain(secret);
      expect(redact(JSON.stringify({ note: `x${secret}y` }))).not.toContain(JSON.stringify(secret).slice(1, -1));
      expect(redact(`http://h/?p=${encodeURIComponent(secret)}`)).not.toContain(encodeURIComponent(secret));
    }
    registerSecret('abc');
    expect(redact('abc is too short to mask')).toBe('abc is too short to mask');
  });

  it('keeps a record whole whose words happen to be a password', async () => {
    registerSecret('leaf1');
    const record = { device: 'leaf1', kind: 'deploy', diff: '+hostname leaf1' };
    expect(await redactAll(record)).toEqual({ ...record, diff: '+hostname <secret>' });
  });

  it('takes no longer than the text is long, whatever it holds', { timeout: 60_000 }, () => {
    const words = [
      'a',
      'password ',
      'neighbor x password ',
      '"',
      'password "',
      '://a:',
      'snmp-server user ',
      'cipher ',
      ' ',
      'priv 0x ',
    ];
    const timed = (text: string) => {
      const from = performance.now();
      redact(text);
      return performance.now() - from;
    };
    for (const word of words) {
      for (const before of ['', 'username x ', '+ tacacs ']) {
        expect(timed(before + word.repeat(1_000_000 / word.length)), `${before}${word}…`).toBeLessThan(10_000);
      }
    }
  });
});
