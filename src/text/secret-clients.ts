/**
 * Programs and what stands before a secret in their arguments; `~` is what may stand between an option and its value, in a list of arguments too. Each repetition has
 * a bound: they are read backwards from every place, and `=` parts words, so that one line of `key=value` without a blank would cost its length cubed.
 */
const clients: readonly (readonly [programs: string, before: string])[] = [
  [String.raw`(?:mysql|mariadb)[\w-]{0,40}`, String.raw`-p(?=\S)`],
  [String.raw`login|mongo\w{0,40}|cqlsh|psexec\w{0,40}|racadm|rabbitmqadmin|ncftp\w{0,40}|lftp|twine|elasticsearch-users|useradd`, '-p~'],
  [String.raw`sshpass|7z\w?|(?:un)?rar|(?:docker|podman|oras) login`, '-p~?'],
  [String.raw`sqlcmd|bcp|[it]sql|ipmitool|mosquitto_\w{2,4}|(?:un)?zip`, '-P~?'],
  [String.raw`snmp(?!d)\w{0,40}`, '-[AXc]~'],
  ['createUser', String.raw`(?:MD5|SHA|AES|DES)[\w-]{0,40}~`],
  ['openssl', '-(?:[kK]~|pass(?:in|out)?~pass:)'],
  ['redis-cli', '-a~?'],
  [String.raw`ldap\w{1,40}`, '-w~?'],
  ['curl', '(?:-[uU]~?|--(?:proxy-)?user~)'],
  ['lftp', String.raw`-u~[^\s,]{1,100},`],
  ['smbclient', String.raw`-U~?[^\s%]{1,100}%`],
  ['sqlplus|rman|impdp|expdp|sqlldr', String.raw`(?:target~|userid=)?\w{1,60}/`],
  ['htpasswd', String.raw`-(?=\w{0,9}b)(?:\w{0,9}n\w{0,9}|\w{1,9}~\S{1,100})~\S{1,100}~`],
  ['rabbitmqctl', String.raw`(?:add_user|change_password)~\S{1,100}~`],
  ['vault', String.raw`(?:login|unseal)~(?!-)(?!\S{0,100}=)`],
  ['aws', String.raw`set~\S{1,60}(?:key|token)~`],
  ['net', String.raw`user~[^\s/]{1,100}~(?!/)`],
  ['db2', String.raw`user~\S{1,100}~using~`],
  ['chpasswd', String.raw`\w{1,60}:`],
]
/** What stands before a secret that a program was given, for a pattern. */
export const afterClient = clients
  .map(([programs, before]) => {
    const gap = String.raw`(?:[ =]{1,4}\\?["']?|\\?["'], ?\\?["'])`
    return String.raw`(?<=(?<![\w.-])(?:${programs})\b[^|;\n]{0,300}?[\s"'](?:${before.replaceAll('~', gap)}))`
  })
  .join('|')

/** A program's name as every such text holds it: `hierarchical` holds `rar`, `permanent` holds `rman`, and the pattern above is a dear one. */
export const clientNamed = new RegExp(String.raw`(?<![\w.-])(?:${clients.map(([programs]) => programs).join('|')})\b`)

export const clientHints =
  'mysql mariadb login mongo cqlsh psexec racadm rabbitmq ncftp lftp twine elasticsearch useradd sshpass 7z rar sqlcmd bcp sql ipmitool mosquitto_ zip snmp createuser openssl redis-cli ldap curl smbclient rman impdp expdp htpasswd vault aws net db2 chpasswd'.split(
    ' ',
  )
