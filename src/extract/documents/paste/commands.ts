/** What a typed command line says of the output below it. */
export interface Command {
  /** `kubectl describe pod`, `dmesg` …: the program, and kubectl's verb. */
  readonly program: string
  readonly verb: string | null
  /** The objects asked for: `pod`, `node`, `events` …; singular. */
  readonly resource: string | null
  readonly name: string | null
  readonly namespace: string | null
  /** The machine on which it ran: `ssh node7 …`, `[root@node7 ~]# …`. */
  readonly host: string | null
}

/** `$ `, `# `, `[root@n1 ~]# `, `ops@jump:~$ `, `root@node7:/var/log# `, `❯ `, `➜  ~ `, `PS C:\> `, `sh-4.4# `. */
const PROMPT =
  /^\s*(?:(?:\[[\w.-]{1,64}@(?<a>[\w.-]{1,253})[^\]]{0,400}\]|[\w.-]{1,64}@(?<b>[\w.-]{1,253})(?:[: ][^\s$#%>]{0,400})?|(?:ba|z)?sh-[\d.]+|PS [A-Za-z]:[^>]*|\([\w-]+\)) ?)?(?<sign>[$#%❯➜>])\s+(?:(?<=➜\s{1,4})\S+ +(?:git:\(\S{1,80}\) +(?:✗ +)?)?)?(?<typed>\S.*)$/
const PROGRAMS =
  /^(?:sudo\s+(?:-\S+\s+)*)?(?<program>kubectl|oc|k|k9s|dmesg|journalctl|ssh|crictl|docker|podman|nerdctl|cat|zcat|grep|zgrep|egrep|tail|head|less|free|ps|top|uptime|date|sysctl|systemctl|talosctl|kubecolor|minikube|microk8s|helm|watch|uname|jq|yq|aws)\b/
/** A prompt shows at which machine somebody sits, unless it is nobody's name. */
const NO_HOST = /^(?:localhost|bastion|jump\w*|laptop|macbook\S*|workstation|home|pc|desktop|cloudshell)$/i
const KUBECTL = /^(?:kubectl|oc|k|kubecolor)$/

/** `node17 | CHANGED | rc=0 >>`: what ansible's command module prints above each machine's output. */
const GATHERED = /^(?<host>[A-Za-z0-9][\w.-]{0,252}) \| (?:CHANGED|SUCCESS|FAILED!?) \| rc=\d+ >>\s*$/

/** Singular of what kubectl takes for a kind. */
const RESOURCES: Readonly<Record<string, string>> = {
  pod: 'pod',
  pods: 'pod',
  po: 'pod',
  node: 'node',
  nodes: 'node',
  no: 'node',
  event: 'event',
  events: 'event',
  ev: 'event',
}

/** Reads a line as a command that somebody typed; `null` for anything else. A prompt is needed, since prose names programs too. */
export function commandOf(line: string): Command | null {
  const gathered = GATHERED.exec(line)?.groups?.['host']
  if (gathered !== undefined) return { ...plain('ansible'), host: gathered }
  const prompt = PROMPT.exec(line)?.groups
  const typed = prompt?.['typed'] ?? ''
  const program = PROGRAMS.exec(typed)?.groups?.['program']
  if (program === undefined) return null
  const shell = prompt?.['a'] ?? prompt?.['b'] ?? null
  const own = shell === null || NO_HOST.test(shell) ? null : shell
  const words = typed.split(/\s+/)
  if (program === 'ssh') return throughSsh(words, own)
  if (KUBECTL.test(program)) return kubectlOf(words)
  return { ...plain(program), ...(RUNTIME.test(program) ? inspectedBy(words, program) : {}), host: own }
}

const RUNTIME = /^(?:docker|podman|nerdctl)$/

/** `docker inspect web --format …`: the container that was asked for. */
function inspectedBy(words: readonly string[], program: string): Pick<Command, 'verb' | 'name'> {
  const rest = words.slice(words.indexOf(program) + 1).filter((word) => word !== 'container')
  const name = rest
    .slice(1)
    .find((word, at) => /^[\w.-]+$/.test(word) && !word.startsWith('-') && !/^(?:-f|--format|--type)$/.test(rest[at] ?? ''))
  return { verb: rest[0] ?? null, name: rest[0] === 'inspect' ? (name ?? null) : null }
}

const plain = (program: string): Command => ({ program, verb: null, resource: null, name: null, namespace: null, host: null })

/** Options of ssh that take a value of their own. */
const SSH_VALUE = /^-[bcDEeFIiJLlmOopQRSWw]$/

function throughSsh(words: readonly string[], own: string | null): Command {
  let at = words.indexOf('ssh') + 1
  while (words[at]?.startsWith('-') === true) at += SSH_VALUE.test(words[at] ?? '') ? 2 : 1
  const target = words[at]?.replace(/^[^@]*@/, '') ?? null
  const inner = words.slice(at + 1).map((word) => word.replace(/^['"]|['"]$/g, ''))
  const host = target !== null && /^[\w.-]+$/.test(target) ? target : own
  const program = inner.find((word) => word !== 'sudo') ?? 'ssh'
  return KUBECTL.test(program) ? kubectlOf(inner) : { ...plain(program), host }
}

function kubectlOf(words: readonly string[]): Command {
  let namespace: string | null = null
  const rest: string[] = []
  const start = words.findIndex((word) => KUBECTL.test(word)) + 1
  for (let at = start; at < words.length && !/^[|;&>]/.test(words[at] ?? ''); at += 1) {
    const word = words[at] ?? ''
    if (word === '-n' || word === '--namespace') namespace = words[++at] ?? null
    else if (/^--namespace=|^-n[=a-z]/.test(word)) namespace = word.replace(/^--namespace=|^-n=?/, '')
    else if (/^(?:-o|-l|-c|--context|--kubeconfig|--selector|--output|--sort-by|--field-selector)$/.test(word)) at += 1
    else if (!word.startsWith('-')) rest.push(word)
  }
  const [verb = null, kind = '', ...names] = rest
  const [resource = '', joined] = kind.split('/')
  const known = RESOURCES[resource.toLowerCase()] ?? null
  const name = joined ?? (names.length === 1 ? (names[0] ?? null) : null)
  return {
    program: 'kubectl',
    verb,
    resource: verb === 'events' ? 'event' : known,
    name: known === null ? null : name,
    namespace: namespace !== null && /^[a-z0-9][-a-z0-9]*$/.test(namespace) ? namespace : null,
    host: null,
  }
}

/** A whole pod's name: with a ReplicaSet's or DaemonSet's suffix, or a StatefulSet's number. `describe` takes a beginning of a name too. */
const isWholePodName = (name: string): boolean => /-(?:[bcdfghjklmnpqrstvwxz2456789]{5}|\d+)$/.test(name)

/** The pod that the command above asked for by its whole name. */
export function podOfCommand(command: Command | null): string | null {
  const name = command?.resource === 'pod' ? command.name : null
  return name !== null && isWholePodName(name) ? name : null
}
