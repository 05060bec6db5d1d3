import type { Shape } from '../shapes.ts';

/** A word, or what stands in quotes. */
const value = `("[^"\\n]{0,300}"|'[^'\\n]{0,300}'|[^\\s"'|;&]+)`;

/** @param before what stands between the program and its secret, the option itself included; capitals count */
const given = (programs: string, before: string): Shape => ({
  has: new RegExp(programs),
  form: new RegExp(`\\b(?:${programs})\\b[^|;&\\n]{0,300}?\\s(?:${before})${value}`, 'g'),
});

/**
 * Programs that are given a secret on their command line, each by its own options: `-p` is a password for one and a port
 * for the next. Sources: their manual pages.
 */
export const commandLines: readonly Shape[] = [
  given('ipmitool', '-P\\s{0,4}'),
  given('redis-cli', '(?:-a|--pass)\\s{1,4}'),
  given('mosquitto_pub|mosquitto_sub|mosquitto_rr', '(?:-P|--pw)\\s{1,4}'),
  given('ldapsearch|ldapmodify|ldapadd|ldapdelete|ldapcompare|ldapwhoami|ldappasswd', '-w\\s{0,4}'),
  given('ldappasswd', '-a\\s{1,4}'),
  given('ldappasswd', '-s\\s{1,4}'),
  given('smbclient|smbget|rpcclient|net|smbcacls', '(?:-U|--user)[\\s=]{0,4}[^\\s%]{1,128}%'),
  given('mysql|mysqldump|mysqladmin|mariadb|mariadb-dump|mariadb-admin', '-p(?=[^\\s-])'),
  ...['-c\\s{0,4}', '-A\\s{0,4}', '-X\\s{0,4}', '-3[mMkK]\\s{0,4}'].map((option) =>
    given('snmp(?:get|getnext|walk|bulkwalk|bulkget|set|trap|inform|table|df|status|usm|vacm|test)|trapsess', option),
  ),
  given('lftp', '(?:-u|--user)\\s{0,4}[^\\s,]{1,128},'),
  given('racadm', '-p\\s{1,4}'),
  given('ncftp|ncftpput|ncftpget|ncftpls', '-p\\s{1,4}'),
  given('mongo|mongosh|mongodump|mongorestore|mongoexport|mongoimport', '-p\\s{1,4}'),
  given('(?:docker|podman|skopeo|buildah|helm|oras|az|vault) (?:registry )?login', '-p\\s{0,4}'),
  given('http|https|httpie', '(?:-a|--auth)[\\s=]{1,4}[^\\s:]{1,128}:'),
  given('xfreerdp|xfreerdp3|wlfreerdp|sdl-freerdp', '/p:'),
  given('radtest', '[^\\s-]\\S{0,128}\\s{1,4}(?=\\S)'),
  given('radtest', '(?:[^\\s-]\\S{0,128}\\s{1,4}){4}(?=\\S)'),
  given('rabbitmqctl', '(?:add_user|change_password|authenticate_user)\\s{1,4}\\S{1,128}\\s{1,4}'),
  {
    has: /chpasswd/,
    form: /\becho\s{1,4}["']?[^\s:"']{1,64}:([^\s"']+)["']?\s{0,4}\|\s{0,4}(?:sudo\s{1,4})?chpasswd/g,
  },
  { has: /static:/, form: /\bstatic:[^\s:]{1,128}:(\S+)/g },
];
