/**
 * Members, labels and annotations whose key nobody here knows: who wraps a line adds what its owner calls things (`"customer":"…"`, `{team="…"}`,
 * `(com.example.tenant=…)`), so that each such value is a name, unless its word is one of the few that every system uses.
 */

/** Keys whose values are text, times, levels, ids and words of Kubernetes, journald and shippers: read as any text is. */
const known = [
  String.raw`[\w.@-]*(?:message|msg|payload|time|timestamp|times?tamp|date|level|severity|priority|facility|stream|transport|log|raw|line|error|err|reason|exception|stack|stack_?trace)`,
  `(?:_|k8s_|kube_|kubernetes[_.]|docker_)?(?:host|hostname|host_name|node|node_?name|computer|instance|pod|pod_?name|namespace|namespace_?name|container|container_?name|pod_?namespace|cursor|unit|slice|comm|exe|cmdline|pid)`,
  String.raw`(?:pod|container|boot|machine|docker|image)_?(?:uid|id)(?:_full)?|@?ts|_?u?id|at|body|text|event|_source|kind|apiversion|type|phase|status|state|condition|exitcode|code|signal|count|component|qosclass|resource|memory|cpu|image|image_?id|alertname|starts?at|ends?at|startedat|finishedat|first\w*|last\w*`,
  String.raw`source|file|file_?name|path|syslog_identifier|ident|appname|app_?name|program|process|version|logger|logsource|service|source_type|\w*policy`,
].join('|')

/** Words that tell nobody's name. */
const harmless =
  /^(?:|.|true|false|null|none|nil|unknown|[-+~<>=]?\d[\d.,:_TZ+%-]*(?:[a-zA-Zµ%]{0,4}|\/s)|v\d[\w.-]{0,10}|(?:[\w.]+\/)?v\d(?:(?:alpha|beta)\d)?|trace|debug|info|notice|warn|warning|error|critical|fatal|normal|stdout|stderr|kernel|kern|daemon|systemd|systemd-journal|journald?|syslog|kubelet|containerd|dockerd?|cri-o|linux|amd64|arm64|OOMKill(?:ed|ing)|Completed|Running|Pending|Failed|Succeeded|Warning|Burstable|Guaranteed|BestEffort|k8s_(?:node|pod|container))$/i

/** What other shapes replace as a whole. */
const shaped = /^(?:\w+:\/\/|sha256:)?(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12,64}|(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?)$/

const member = [
  // `"customer":"…"`, and the same within a string, `\"customer\":\"…\"`
  new RegExp(String.raw`(?<head>(?<!\\)"(?!(?:${known})")[^"\\]{1,200}"\s?:\s?")(?<value>(?:[^"\\]|\\.)*)`, 'gi'),
  new RegExp(String.raw`(?<head>(?<quote>\\{1,31}")(?!(?:${known})\\)[^"\\]{1,200}\k<quote>\s?:\s?\k<quote>)(?<value>[^"\\]*)`, 'gi'),
]
/** Sets of pairs: Prometheus' and Loki's labels, RFC 5424's structured data, Docker's attributes. */
const sets = [
  /\{\s?[\w.:/-]{1,200}=~?\\?"[^"\n]*"(?:,?\s?[\w.:/-]{1,200}=~?\\?"[^"\n]*")*,?\s?\}/g,
  /\[[\w.-]{1,64}@\d{1,10}(?: [\w.-]{1,200}="[^"\n]*")+\]/g,
  /\([\w.:/-]{1,200}=[^,()\n]*(?:, [\w.:/-]{1,200}=[^,()\n]*)*\)/g,
]
const pair = new RegExp(String.raw`(?<head>(?<=[{[(,\s])(?!(?:${known}|name)=)[\w.:/-]{1,200}=~?(?:\\?")?)(?<value>[^",()\\]*)`, 'gi')
/** Lists of `key:value`, `KEY=value` or words alone. */
const list = /\\?"(?:tags|labels|annotations|env)\\?"\s?:\s?\[[^\]\n]*\]/gi
const item = new RegExp(String.raw`(?<head>[[,]\s?\\?"(?!(?:${known}|kube_\w+)[:=])(?:[\w./-]{1,200}[:=])?)(?<value>[^"\\]*)`, 'gi')

/** The text with each such value replaced by what `alias` makes of it. */
export function withoutLabels(text: string, alias: (value: string) => string): string {
  if (!/"\s?:|[{[(,\s][\w.:/-]+=/.test(text)) return text
  const change = (part: string, pattern: RegExp): string =>
    part.replace(pattern, (match, ...rest) => {
      const { head, value } = rest.at(-1) as { head: string; value: string }
      return harmless.test(value) || shaped.test(value) ? match : head + alias(value)
    })
  let changed = text.replace(list, (part) => change(part, item))
  for (const pattern of member) changed = change(changed, pattern)
  for (const set of sets) changed = changed.replace(set, (part) => change(part, pair))
  return changed
}
