/** What a log's name says of its place among its rotations. */
export interface Rotation {
  /** Name of the live file: `messages` for `messages-20240101.gz`. */
  readonly family: string
  /** Number of the rotation, 0 for the live file; `null` where the name carries a date instead. */
  readonly number: number | null
  /** Local µs (see WallStamp.localUs); the end of the period for logrotate and kubelet, its start for a journal. */
  readonly dateUs: number | null
}

const compressed = /\.(?:gz|xz|zst|bz2|bzip2|Z|lz4)$/

interface Shape {
  readonly pattern: RegExp
  readonly read: (groups: Readonly<Record<string, string | undefined>>) => Rotation | null
}

/** Asked in order. Each beside the names it is for. */
const shapes: readonly Shape[] = [
  // system@0f3c…(32)-00000000000004d2-000610d3c5b2a1f0.journal: sequence id, sequence number, µs of its first entry.
  {
    pattern: /^(?<stem>[^@]+)@[0-9a-f]{32}-[0-9a-f]{16}-(?<us>[0-9a-f]{16})\.journal$/,
    read: (g) => ({ family: `${g['stem']}.journal`, number: null, dateUs: Number.parseInt(g['us'] ?? '', 16) }),
  },
  // system@000610d3c5b2a1f0-8c1d2e3f4a5b6c7d.journal~: set aside as unclean at that µs.
  {
    pattern: /^(?<stem>[^@]+)@(?<us>[0-9a-f]{16})-[0-9a-f]{16}\.journal~$/,
    read: (g) => ({ family: `${g['stem']}.journal`, number: null, dateUs: Number.parseInt(g['us'] ?? '', 16) }),
  },
  // kubelet-2024-01-31T12-00-00.000.log (lumberjack: RKE2, k3s, audit logs)
  {
    pattern: /^(?<stem>.+)-(?<y>\d{4})-(?<m>\d\d)-(?<d>\d\d)T(?<h>\d\d)-(?<min>\d\d)-(?<s>\d\d)(?:\.\d+)?(?<end>\.\w+)?$/,
    read: (g) => dated(`${g['stem']}${g['end'] ?? ''}`, g),
  },
  // 0.log.20240503-142207 (kubelet), dmesg.202401311200 (kdump-tools)
  {
    pattern: /^(?<stem>.+)[.](?<y>\d{4})(?<m>\d\d)(?<d>\d\d)-?(?<h>\d\d)(?<min>\d\d)(?<s>\d\d)?$/,
    read: (g) => dated(g['stem'] ?? '', g),
  },
  // messages-20240101, kern.log-2024010112, kern-20240131.log, messages-20240101-1704067200 (logrotate's dateext and dateformat)
  {
    pattern: /^(?<stem>.+?)[-._](?<y>\d{4})-?(?<m>\d\d)-?(?<d>\d\d)(?<h>\d\d)?(?:-\d{10})?(?<end>\.(?:log|txt|json|out))?$/,
    read: (g) => dated(`${g['stem']}${g['end'] ?? ''}`, g),
  },
  // dmesg.0: Debian numbers earlier boots from 0.
  { pattern: /^(?<stem>dmesg)\.(?<n>\d{1,3})$/, read: (g) => numbered(g['stem'] ?? '', Number(g['n']) + 1) },
  // kern.log.2, syslog.1, <id>-json.log.1
  { pattern: /^(?<stem>.+)\.(?<n>\d{1,4})$/, read: (g) => numbered(g['stem'] ?? '', Number(g['n'])) },
  // must-gather: current.log, previous.log, previous.insecure.log
  { pattern: /^previous(?:\.insecure)?\.log$/, read: () => numbered('current.log', 1) },
  // troubleshoot.sh: app-previous.log; Rancher: ns-pod-previous
  { pattern: /^(?<stem>.+)-previous(?<end>\.log)?$/, read: (g) => numbered(`${g['stem']}${g['end'] ?? ''}`, 1) },
]

export function rotationOf(path: string): Rotation {
  const slash = path.lastIndexOf('/') + 1
  const folder = path.slice(0, slash)
  const name = path.slice(slash).replace(compressed, '').replace(compressed, '')
  for (const shape of shapes) {
    const groups = shape.pattern.exec(name)
    if (groups === null) continue
    const rotation = shape.read(groups.groups ?? {})
    if (rotation !== null) return { ...rotation, family: folder + rotation.family }
  }
  return { family: folder + name, number: 0, dateUs: null }
}

const numbered = (family: string, number: number): Rotation => ({ family, number, dateUs: null })

function dated(family: string, groups: Readonly<Record<string, string | undefined>>): Rotation | null {
  const dateUs = localUs(groups)
  return dateUs === null ? null : { family, number: null, dateUs }
}

/** 127.0.0.1-2024-01-31-12:00:00 (kexec-tools), 2024-01-31-12:00 (SUSE), 202401311200 (Debian): the crash, in the machine's zone. */
const crashFolder =
  /(?:^|\/)(?:[^/]+-)?(?<y>\d{4})-?(?<m>\d\d)-?(?<d>\d\d)-?(?<h>\d\d)[:_.]?(?<min>\d\d)(?:[:_.]?(?<s>\d\d))?\/[^/]*(?:dmesg|vmcore|README)[^/]*$/

export const crashFolderUs = (path: string): number | null => {
  const groups = crashFolder.exec(path)?.groups
  return groups === undefined ? null : localUs(groups)
}

function localUs(groups: Readonly<Record<string, string | undefined>>): number | null {
  const [year, month, day] = [Number(groups['y']), Number(groups['m']), Number(groups['d'])]
  const [hour, minute, second] = [Number(groups['h'] ?? 0), Number(groups['min'] ?? 0), Number(groups['s'] ?? 0)]
  const time = Date.UTC(year, month - 1, day, hour, minute, second)
  const date = new Date(time)
  // Eight digits may be anything: only a day that exists, in the time of logs, is a date.
  const exists = year >= 1990 && year < 2200 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return exists && hour < 24 && minute < 60 && second < 61 ? time * 1000 : null
}
