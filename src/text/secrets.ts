import { afterClient, clientHints, clientNamed } from './secret-clients.ts'

/** What stands where a secret stood. */
export const mask = '•••'

interface SecretRule {
  readonly id: string
  /** A text that it masks; the tests hold more. */
  readonly example: string
  /** Words one of which every such text holds, in lower case: the pattern is looked for only then. */
  readonly hints: readonly string[]
  /** What every such text holds, where the words are parts of many others. */
  readonly named?: RegExp
  /** `keep` stays in front of the mask; all else that matches goes. */
  readonly pattern: RegExp
}

/** Names of options, variables and members that hold secrets, up to their end: `max_tokens`, `token-file`, `keyspace` are none. */
const named =
  '(?:key|store)?pass(?:word|wd|phrase|code)?|pwd(?!=[/~])|(?:root|bind|user|admin|db)[-_]?pw|psk|masterauth|_auth|secret|token|(?:api|license|access|account|private|encryption|signing|master|auth|shared|subscription|certificate|hmac)[-_.]?key|key-data|tls\\.key|dockerconfigjson|secret[-_.]?key(?:[-_.]?base)?|credentials?|connection[-_.]?string|conn[-_.]?str|dsn|client[-_.]?secret|session[-_.]?id|cookie|signature'
/** A value in quotes (escaped ones too; those of a cut line do not end), or up to what ends a word of a command line, of a list, of JSON. */
const value = String.raw`(?:\\?"[^"\\]{1,2000}(?:\\?"|$)|'[^']{1,2000}(?:'|$)|\$\([^)\n]{1,500}\)|[^\s,;&"'<>|\]})\\]{1,2000})`
const nameHints = 'pass pwd pw psk secret token key cred conn dsn session cookie signature auth dockerconfig'.split(' ')

/**
 * Everything that is masked in quoted lines, commands, messages and excerpts, whoever printed them. In order: what spans most goes first. Patterns are bounded and
 * begin at a word, so that long lines cost no more than their length.
 */
export const secretRules: readonly SecretRule[] = [
  {
    id: 'private-key',
    example: '-----BEGIN RSA PRIVATE KEY-----\nMIIEow…\n-----END RSA PRIVATE KEY-----',
    hints: ['private key'],
    pattern: /(?<keep>-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----)[\s\S]*?(?:-----END [A-Z0-9 ]{1,60}-----|$)/g,
  },
  {
    id: 'url-user',
    example: 'postgres://app:hunter2@db:5432/shop',
    hints: ['://'],
    pattern: /(?<keep>\b[a-z][a-z0-9+.-]{1,30}:\/\/)(?:[^\s/?#"'<>]{1,400}|[^\s/?#"'<>:@]{1,200}:(?!\d{1,5}\/)[^\s"'<>@]{1,200})(?=@)/gi,
  },
  {
    id: 'url-user-cut',
    example: 'cmdline "worker postgres://app:hunt…',
    hints: ['://'],
    // The line ends before its `@`: what stands there is no port, and no digest of an image.
    pattern:
      /(?<keep>\b[a-z][a-z0-9+.-]{1,30}:\/\/[^\s/?#"'<>:@]{0,200}:(?<!sha256:))(?!\d{1,5}(?:[^\w]|$)|\$)[^\s/?#"'<>:@•]{1,200}(?=["'\s]|$)/gi,
  },
  {
    id: 'oracle-user',
    example: 'jdbc:oracle:thin:scott/tiger@//db:1521/orcl',
    hints: ['jdbc:'],
    pattern: /(?<keep>\bjdbc:oracle:\w{1,10}:)[^\s/@]{1,100}\/[^\s@]{1,200}(?=@)/gi,
  },
  {
    id: 'url-query',
    example: 'Get "http://10.0.0.7:8080/healthz?token=abc": dial tcp',
    hints: ['?'],
    pattern: /(?<keep>\bhttps?:\/\/[^\s"'<>?]{0,500}\?)[^\s"'<>•]{1,2000}/gi,
  },
  {
    id: 'authorization',
    example: 'Authorization: Bearer abc.def-123456',
    hints: ['authorization', 'api-key', 'cookie'],
    pattern:
      /(?<keep>\b(?:proxy-)?(?:authorization|x-api-key|set-cookie|cookie)\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?)(?!\[)[^"'\r\n\\]{1,2000}/gi,
  },
  {
    id: 'bearer',
    example: 'curl -H "X: Bearer abcdefgh12345678"',
    hints: ['bearer', 'basic', 'apikey', 'token '],
    pattern: /(?<keep>\b(?:bearer|basic|apikey|token) )(?=[\w.~+/=-]{0,200}[\d=])[\w.~+/=-]{8,4000}/gi,
  },
  {
    id: 'jwt',
    example: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln',
    hints: ['eyj'],
    pattern: /\beyJ[\w-]{8,4000}\.[\w-]{4,8000}(?:\.[\w-]{0,2000})?/g,
  },
  {
    id: 'cloud-key',
    example: 'AKIAIOSFODNN7EXAMPLE',
    hints:
      'akia asia aroa ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- xox xapp- aiza sk- sk_ rk_ sg. npm_ hf_ dop_v1_ ya29. gocspx- hvs. pypi- shpat_ dckr_pat_ nrak- whsec_ key-'.split(
        ' ',
      ),
    pattern:
      /\b(?:(?:AKIA|ASIA|AROA)[A-Z0-9]{16}|gh[pousr]_\w{20,255}|github_pat_\w{20,255}|glpat-[\w-]{16,64}|xox[abeprs]-[\w-]{10,255}|xapp-[\w-]{10,255}|whsec_[\w+/=-]{16,64}|key-[0-9a-f]{32}\b|AIza[\w-]{35}|[sr]k[-_](?:live|test|proj|ant|or)?[-_]?[\w-]{16,255}|SG\.[\w-]{16,64}\.[\w-]{16,128}|npm_\w{30,64}|hf_\w{20,64}|dop_v1_\w{40,80}|ya29\.[\w-]{20,2000}|GOCSPX-[\w-]{20,64}|hvs\.[\w-]{20,255}|pypi-[\w-]{16,512}|shpat_\w{20,64}|dckr_pat_[\w-]{20,64}|NRAK-\w{20,64})/g,
  },
  {
    id: 'assignment',
    example: 'DB_PASSWORD=hunter2 --token=abc -Dx.password=abc "apiKey": "abc"',
    hints: nameHints,
    pattern: new RegExp(
      String.raw`(?<keep>(?<![\w.-])-{0,2}[\w.-]{0,80}?(?:${named})\d{0,3}(?:\\?["']?(?:\s{0,3}=>?\s?|(?<!\/[\w.-]{1,80})\s{0,3}:=?\s?)|>|\\?["']?,?\s{1,40}value\s?[:=]\s?|\\?["'],\s?\\?["']value\\?["']:\s?))(?!•|\*{3}|\[REDACTED|<redacted|(?:true|false|null|nil|none)\b)${value}`,
      'gi',
    ),
  },
  {
    id: 'signed-url',
    example: 'SharedAccessSignature sig=c2lnbmF0dXJl%3D',
    hints: ['sig='],
    pattern: /(?<keep>\bsig=)[\w%+/=-]{12,2000}/g,
  },
  {
    id: 'key-variable',
    example: 'STRIPE_KEY=abc123',
    hints: ['_key', '_sas', '_auth', '_pat'],
    pattern: new RegExp(String.raw`(?<keep>\b[A-Z][A-Z0-9_]{0,80}_(?:KEY|SAS|AUTH|PAT|KEYS)\\?["']?(?:=|: ?))(?!•)${value}`, 'g'),
  },
  {
    id: 'member-auth',
    example: '"auth": "dXNlcjpwYXNz"',
    hints: ['auth'],
    pattern: /(?<keep>\\?["']auth\\?["']\s?:\s?\\?["'])[^"'\\]{1,2000}/gi,
  },
  {
    id: 'option',
    example: '--password hunter2',
    hints: nameHints,
    pattern: new RegExp(
      String.raw`(?<keep>(?<![^\s"'\[,(=])-{1,2}[\w.-]{0,80}?(?:${named})\d{0,3}(?:\\?["'],\s{0,8}|\\?["']? (?:argv\[\d+\]|a\d+)=|,?\s{1,8}))(?!\\?["']?-|\\?["']?•|\*{3})${value}`,
      'gi',
    ),
  },
  {
    id: 'client',
    example: 'mysql -u root -phunter2',
    hints: clientHints,
    named: clientNamed,
    pattern: new RegExp(String.raw`(?:${afterClient})(?!•)[^\s"'•,\\\]]{1,200}`, 'g'),
  },
  {
    id: 'command-that-prints',
    example: "--password-command 'echo hunter2'",
    hints: ['pass', 'secret', 'token'],
    pattern:
      /(?<keep>(?<![\w.-])-{0,2}[\w.-]{0,80}?(?:password|passwd|passphrase|pass|secret|token)[-_.]?(?:command|cmd|eval)(?:=|: ?|\s{1,4}))(?!•)(?:\\?"[^"\\]{1,2000}\\?"|'[^']{1,2000}'|[^\s"'-][^\s"']{0,300}(?:[ ](?!-)[^\s"']{1,300}){0,3})/gi,
  },
  {
    id: 'said',
    example: "ALTER USER x PASSWORD 'hunter2'",
    hints: ['pass', 'pwd', 'pw', 'identified by', 'auth'],
    // In prose no password follows: what does is quoted, or mixes letters with digits or signs as no word does.
    pattern:
      /(?<keep>(?<![\w./-])(?:\w{0,20}(?:pass(?:word|wd|phrase)?|pwd|pw)|identified by|AUTH(?: default)?|auth default)\s{1,4})(?:"[^"\s\\]{3,200}"|'[^'\s\\]{3,200}'|(?=[^\s]{0,60}[A-Za-z])(?=[A-Za-z]{0,60}[\d!#$%^&*+~])[^\s,;"'<>|()[\]{}=:/\\•]{5,200}(?=[\s,;"'<|)\]}]|$))/gi,
  },
  {
    id: 'crypt',
    example: 'me:$apr1$Zq7v$abcdefghijklmnopqrstuv',
    hints: ['$apr1$', '$1$', '$2', '$5$', '$6$', '$y$', '$argon2', '$scrypt'],
    pattern: /\$(?:apr1|1|2[abxy]|5|6|y|argon2\w{1,2}|scrypt)\$[\w./$=,+-]{16,400}/g,
  },
  {
    id: 'option-user',
    example: 'etcdctl --user root:hunter2 get x',
    hints: ['user', 'auth', 'creds'],
    // `--user 1000:1000` are ids, `--auth http://…` is an address.
    pattern:
      /(?<keep>(?<![^\s"'[,(])--?(?:[a-z]{1,20}-)?(?:user|auth|creds|credentials)[ =]["']?[\w.@\\-]{1,100}:)(?!\d{1,10}\b|\/)[^\s"'•]{1,200}/gi,
  },
  {
    id: 'webhook',
    example: 'https://hooks.slack.com/services/T0/B0/abcdef',
    hints: ['hooks.', '/webhooks/', 'webhook.office.com', 'api.telegram.org'],
    pattern:
      /(?<keep>\bhttps?:\/\/(?:hooks\.slack\.com\/(?:services|workflows)\/|discord(?:app)?\.com\/api\/webhooks\/|[\w-]{1,63}\.webhook\.office\.com\/|api\.telegram\.org\/bot))[^\s"'<>•]{6,1000}/gi,
  },
]

const anyHint = new RegExp(
  [...new Set(secretRules.flatMap(({ hints }) => hints))].map((hint) => hint.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'),
  'i',
)

/** A text with every secret in it masked; itself when there is none, as nearly always. */
export function maskSecrets(text: string): string {
  if (!anyHint.test(text)) return text
  const lower = text.toLowerCase()
  let masked = text
  for (const { hints, named, pattern } of secretRules) {
    if (!hints.some((hint) => lower.includes(hint)) || named?.test(masked) === false) continue
    masked = masked.replace(pattern, (match, ...found) => {
      const keep = (found.at(-1) as { keep?: string } | undefined)?.keep ?? ''
      const quotes = /^(?<quote>\\?["'])[\s\S]*\k<quote>$/.exec(match.slice(keep.length))?.groups?.['quote'] ?? ''
      return keep + quotes + mask + quotes
    })
  }
  return masked
}
