/** What a line is printed by, and where that can be seen. */
export interface Wrapping {
  readonly id: string
  /** `stream`: a container's output, `label`: names of pod and container beside the line, `tag`: a syslog tag with a pid, `field`: a journal's fields. */
  readonly tells: 'stream' | 'label' | 'tag' | 'field'
  /** Text and path of a file with the lines, printed by a program or container of this name. */
  file(lines: readonly string[], name: string): { readonly path: string; readonly text: string }
}

const time = (n: number): string => `2026-11-24T07:04:1${n % 10}.000000Z`
const joined = (rows: readonly unknown[]): string => rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join('')
const hex = 'ab12'.repeat(16)

function rows(id: string, path: string, row: (line: string, n: number, name: string) => unknown): Wrapping {
  return { id, tells: 'label', file: (lines, name) => ({ path, text: joined(lines.map((line, n) => row(line, n, name))) }) }
}

export const wrappings: readonly Wrapping[] = [
  {
    id: 'cri, named by its path',
    tells: 'stream',
    file: (lines, name) => ({
      path: `var/log/pods/ops_${name}-x7k2p_0f8e7d6c-0000-4000-8000-000000000001/${name}/0.log`,
      text: joined(lines.map((line, n) => `${time(n)} stdout F ${line}`)),
    }),
  },
  {
    id: 'cri, named by its link',
    tells: 'stream',
    file: (lines, name) => ({
      path: `var/log/containers/${name}-x7k2p_ops_${name}-${hex}.log`,
      text: joined(lines.map((line, n) => `${time(n)} stderr F ${line}`)),
    }),
  },
  rows('docker-json, labelled', 'var/lib/docker/containers/c-json.log', (log, n, name) => ({
    log: `${log}\n`,
    stream: 'stderr',
    attrs: { 'io.kubernetes.container.name': name, 'io.kubernetes.pod.name': `${name}-x7k2p` },
    time: time(n),
  })),
  rows('gcp-logging', 'export.json', (line, n, name) => ({
    insertId: `i${n}`,
    logName: 'projects/p/logs/stdout',
    resource: { type: 'k8s_container', labels: { namespace_name: 'ops', pod_name: `${name}-x7k2p`, container_name: name } },
    textPayload: line,
    timestamp: time(n),
  })),
  rows('elasticsearch', 'hits.ndjson', (message, n, name) => ({
    _index: 'logs',
    _source: {
      '@timestamp': time(n),
      message,
      kubernetes: { namespace: 'ops', pod: { name: `${name}-x7k2p` }, container: { name } },
    },
  })),
  rows('loki', 'loki.jsonl', (line, n, name) => ({
    labels: { namespace: 'ops', pod: `${name}-x7k2p`, container: name },
    line,
    timestamp: time(n),
  })),
  rows('datadog', 'dd.ndjson', (message, n, name) => ({
    id: `A${n}`,
    attributes: {
      timestamp: time(n),
      message,
      service: 's',
      host: 'node-1',
      tags: ['kube_namespace:ops', `pod_name:${name}-x7k2p`, `kube_container_name:${name}`],
    },
  })),
  rows('fluent', 'fluent.ndjson', (log, n, name) => ({
    date: time(n),
    log,
    stream: 'stdout',
    kubernetes: { namespace_name: 'ops', pod_name: `${name}-x7k2p`, container_name: name },
  })),
  rows('azure-logs', 'azure.ndjson', (LogMessage, n, name) => ({
    TimeGenerated: time(n),
    Computer: 'node-1',
    PodNamespace: 'ops',
    PodName: `${name}-x7k2p`,
    ContainerName: name,
    LogSource: 'stdout',
    LogMessage,
  })),
  rows('vector', 'vector.ndjson', (message, n, name) => ({
    source_type: 'kubernetes_logs',
    message,
    timestamp: time(n),
    kubernetes: { pod_namespace: 'ops', pod_name: `${name}-x7k2p`, container_name: name },
  })),
  rows('splunk', 'splunk.ndjson', (_raw, n, name) => ({
    _raw,
    _time: time(n),
    namespace: 'ops',
    pod: `${name}-x7k2p`,
    container_name: name,
  })),
  rows('journal-json of docker', 'journal.json', (MESSAGE, n, name) => ({
    MESSAGE,
    _TRANSPORT: 'journal',
    _HOSTNAME: 'node-1',
    __REALTIME_TIMESTAMP: String(1795503850000000 + n * 1_000_000),
    SYSLOG_IDENTIFIER: 'ab12cd34ef56',
    CONTAINER_NAME: name,
    CONTAINER_ID_FULL: hex,
  })),
  {
    id: 'journal-json',
    tells: 'field',
    file: (lines, name) => ({
      path: 'journal.json',
      text: joined(
        lines.map((MESSAGE, n) => ({
          MESSAGE,
          ...(name === 'kernel' ? { _TRANSPORT: 'kernel', SYSLOG_FACILITY: '0' } : { _TRANSPORT: 'stdout' }),
          _HOSTNAME: 'node-1',
          __REALTIME_TIMESTAMP: String(1795503850000000 + n * 1_000_000),
          __MONOTONIC_TIMESTAMP: String(81_000_000 + n),
          _BOOT_ID: '0123456789abcdef0123456789abcdef',
          SYSLOG_IDENTIFIER: name,
        })),
      ),
    }),
  },
  {
    id: 'syslog',
    tells: 'tag',
    file: (lines, name) => ({
      path: 'messages',
      text: joined(lines.map((line, n) => `Nov 24 07:04:1${n % 10} node-1 ${name}${name === 'kernel' ? '' : '[812]'}: ${line}`)),
    }),
  },
  {
    id: 'journalctl -o short-iso',
    tells: 'tag',
    file: (lines, name) => ({
      path: 'journal.txt',
      text: joined(lines.map((line, n) => `2026-11-24T07:04:1${n % 10}+0000 node-1 ${name}${name === 'kernel' ? '' : '[812]'}: ${line}`)),
    }),
  },
]

/** A container's output whose file nobody named. */
export const nameless: readonly Wrapping[] = [
  {
    id: 'cri without a name',
    tells: 'stream',
    file: (lines) => ({ path: 'paste.log', text: joined(lines.map((line, n) => `${time(n)} stdout F ${line}`)) }),
  },
  {
    id: 'docker-json without a name',
    tells: 'stream',
    file: (lines) => ({ path: 'paste.json', text: joined(lines.map((log, n) => ({ log: `${log}\n`, stream: 'stdout', time: time(n) }))) }),
  },
]
