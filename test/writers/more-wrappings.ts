import type { Wrapping } from './wrappings.ts'

const boot = '0123456789abcdef0123456789abcdef'
const seconds = (n: number): number => 1_795_503_850 + n
const iso = (n: number): string => `2026-11-24T07:04:1${n % 10}`
const writer = (name: string): string => (name === 'kernel' ? name : `${name}[812]`)

const field = (name: string): Record<string, string> => ({
  ...(name === 'kernel' ? { _TRANSPORT: 'kernel', SYSLOG_FACILITY: '0' } : { _TRANSPORT: 'stdout' }),
  _HOSTNAME: 'node-1',
  _BOOT_ID: boot,
  SYSLOG_IDENTIFIER: name,
})
const entry = (line: string, n: number, name: string): Record<string, string> => ({
  __CURSOR: `s=${boot};i=${n + 1};b=${boot};m=${(81_000_000 + n).toString(16)};t=${(seconds(n) * 1e6).toString(16)};x=1`,
  __REALTIME_TIMESTAMP: `${seconds(n)}000000`,
  __MONOTONIC_TIMESTAMP: String(81_000_000 + n),
  ...field(name),
  MESSAGE: line,
})

function lineWise(id: string, path: string, tells: Wrapping['tells'], one: (line: string, n: number, name: string) => string): Wrapping {
  return { id, tells, file: (lines, name) => ({ path, text: lines.map((line, n) => `${one(line, n, name)}\n`).join('') }) }
}

/** Syslog and what journalctl prints: a tag with a pid, or the journal's fields. */
export const moreWrappings: readonly Wrapping[] = [
  lineWise('syslog, RFC 5424', 'messages', 'tag', (line, n, name) =>
    name === 'kernel' ? `<4>1 ${iso(n)}Z node-1 kernel - - - ${line}` : `<30>1 ${iso(n)}Z node-1 ${name} 812 - - ${line}`,
  ),
  lineWise('syslog, RFC 3339', 'syslog', 'tag', (line, n, name) => `${iso(n)}.000000+00:00 node-1 ${writer(name)}: ${line}`),
  lineWise(
    'journalctl -o short-full',
    'journal.txt',
    'tag',
    (line, n, name) => `Tue 2026-11-24 07:04:1${n} UTC node-1 ${writer(name)}: ${line}`,
  ),
  lineWise('journalctl -o short-unix', 'journal.txt', 'tag', (line, n, name) => `${seconds(n)}.000000 node-1 ${writer(name)}: ${line}`),
  {
    id: 'journalctl -o short-monotonic',
    tells: 'tag',
    file: (lines, name) => {
      // Lines of programs alone may be a kernel's own log as well: journald's name for the kernel tells them apart.
      const before = Array.from(
        { length: 5 },
        (_, n) => `[    ${n}.000000] node-1 kernel: usb 1-${n}: new high-speed USB device number ${n}`,
      )
      const own = lines.map((line, n) => `[   8${n}.000000] node-1 ${writer(name)}: ${line}`)
      return { path: 'journal.txt', text: `${[...before, ...own].join('\n')}\n` }
    },
  },
  lineWise('journalctl -o verbose', 'journal.txt', 'field', (line, n, name) => {
    const { __CURSOR: cursor, __REALTIME_TIMESTAMP: _, __MONOTONIC_TIMESTAMP: __, ...own } = entry(line, n, name)
    const fields = Object.entries(own).map(([key, value]) => `    ${key}=${value}`)
    return [`Tue 2026-11-24 07:04:1${n}.000000 UTC [${cursor}]`, ...fields].join('\n')
  }),
  lineWise('journalctl -o export', 'journal.export', 'field', (line, n, name) =>
    Object.entries(entry(line, n, name))
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  ),
  lineWise('journalctl -o json-pretty', 'journal.json', 'field', (line, n, name) => JSON.stringify(entry(line, n, name), null, '\t')),
  lineWise('docker logs of a collector in a container', 'cw.ndjson', 'label', (log, n, name) =>
    JSON.stringify({
      time: `${iso(n)}Z`,
      stream: 'stderr',
      log,
      docker: { container_id: 'ab12'.repeat(16) },
      kubernetes: { container_name: name, namespace_name: 'ops', pod_name: `${name}-x7k2p` },
    }),
  ),
  {
    id: 'cloudwatch, Container Insights',
    tells: 'label',
    file: (lines, name) => ({
      path: 'events.json',
      text: JSON.stringify({
        events: lines.map((log, n) => ({
          logStreamName: `ip-10-0-3-17.application.var.log.containers.${name}-x7k2p_ops_${name}`,
          timestamp: seconds(n) * 1000,
          message: JSON.stringify({
            log,
            stream: 'stderr',
            kubernetes: { pod_name: `${name}-x7k2p`, namespace_name: 'ops', container_name: name },
          }),
          ingestionTime: 0,
        })),
      }),
    }),
  },
  lineWise('fluentd on stdout', 'fluentd.log', 'label', (log, n, name) => {
    const body = { log, stream: 'stdout', kubernetes: { namespace_name: 'ops', pod_name: `${name}-x7k2p`, container_name: name } }
    return `${iso(n).replace('T', ' ')}.000000000 +0000 kube.var.log.containers: ${JSON.stringify(body)}`
  }),
  lineWise('fluent-bit on stdout', 'fluent-bit.log', 'label', (log, n, name) => {
    const body = { log, stream: 'stdout', kubernetes: { namespace_name: 'ops', pod_name: `${name}-x7k2p`, container_name: name } }
    return `[${n}] kube.var.log: [${seconds(n)}.000000000, ${JSON.stringify(body)}]`
  }),
]
