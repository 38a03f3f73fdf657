import type { ChangeEvent, ContainerRef } from '../model/event.ts'
import type { LogRecord } from '../model/record.ts'
import { baseOf, refOf } from './event-base.ts'
import { lineExtractor } from './line-extractor.ts'
import { logrusLine } from './logrus.ts'
import { mayBeBy } from './speaker.ts'

type Parts = Pick<ChangeEvent, 'what' | 'subject'> & { readonly target?: ContainerRef | null }

/** The words of a command line behind its program; a path is cut to its last part. */
interface Command {
  readonly program: string
  readonly words: readonly string[]
}

function commandOf(text: string): Command | null {
  const [path = '', ...words] = text.trim().split(/\s+/, 60)
  const program = path.slice(path.lastIndexOf('/') + 1)
  return program === '' ? null : { program, words }
}

const isFlag = (word: string): boolean => word.startsWith('-')
const PACKAGE_VERBS: ReadonlySet<string> = new Set([
  'install',
  'upgrade',
  'dist-upgrade',
  'full-upgrade',
  'update',
  'downgrade',
  'refresh',
  'dup',
])

/** What a command changes, by its program; a program that is not here changes nothing of interest. */
const readers: Readonly<Record<string, (words: readonly string[], text: string) => Parts | null>> = {
  // systemctl set-property app.service MemoryMax=512M
  systemctl: (words) =>
    words.includes('set-property') && words.some((word) => /^Memory(?:Max|High|Limit|SwapMax)=/.test(word))
      ? { what: 'limit', subject: words[words.indexOf('set-property') + 1] ?? null }
      : null,
  docker: ofContainers,
  podman: ofContainers,
  nerdctl: ofContainers,
  crictl: ofContainers,
  // sysctl -w vm.overcommit_memory=2
  sysctl: (words) => (words.some((word) => /^vm\.\w{1,60}=/.test(word)) ? { what: 'setting', subject: null } : null),
  apt: ofPackages,
  'apt-get': ofPackages,
  dnf: ofPackages,
  yum: ofPackages,
  zypper: ofPackages,
  snap: ofPackages,
  rpm: (words) => (words.some((word) => /^-[UiF]/.test(word)) ? { what: 'package', subject: null } : null),
  stress: onPurpose,
  'stress-ng': onPurpose,
  memtester: onPurpose,
}

function ofContainers(words: readonly string[]): Parts | null {
  const verb = words.find((word) => !isFlag(word)) ?? null
  if (verb === 'update' && words.some((word) => /^(?:-m|--memory)/.test(word))) return { what: 'limit', subject: words.at(-1) ?? null }
  if (verb !== 'exec') return null
  const name = words.slice(words.indexOf('exec') + 1).find((word) => !isFlag(word)) ?? null
  if (name === null) return null
  return { what: 'exec', subject: name, target: /^[0-9a-f]{12,64}$/.test(name) ? refOf({ containerId: name }) : refOf({ container: name }) }
}

function ofPackages(words: readonly string[]): Parts | null {
  const verb = words.find((word) => !isFlag(word)) ?? ''
  return PACKAGE_VERBS.has(verb) ? { what: 'package', subject: null } : null
}

function onPurpose(): Parts {
  return { what: 'load', subject: null }
}

// sudo: admin : TTY=pts/0 ; PWD=/root ; USER=root ; COMMAND=/usr/bin/systemctl set-property app.service MemoryMax=512M
const sudoShape = /^(?:sudo(?:\[\d{1,10}\])?: )? {0,20}[\w.@\\$-]{1,64} : (?:[^;]{0,400} ; ){1,8}COMMAND=(?<command>\S.{0,2000})$/

function bySudo(record: LogRecord): ChangeEvent | null {
  const text = mayBeBy(record, /^sudo/) ? sudoShape.exec(record.message)?.groups?.['command'] : undefined
  const command = text === undefined ? null : commandOf(text)
  if (text === undefined || command === null) return null
  const read = Object.hasOwn(readers, command.program) ? readers[command.program] : undefined
  // `apt update` reads lists only; `yum update` and `dnf update` change packages.
  if (/^apt(?:-get)?$/.test(command.program) && command.words.find((word) => !isFlag(word)) === 'update') return null
  const parts = read?.(command.words, text) ?? null
  return parts === null
    ? null
    : { ...baseOf(record), kind: 'change', by: 'sudo', detail: [command.program, ...command.words].join(' '), target: null, ...parts }
}

/**
 * `Exec for "C" with command [sh -c jmap -dump …], tty false and stdin false`: kubectl exec, as containerd tells (cri instrument.go, at info or, in some
 * versions, debug level). Probes are `ExecSync` and not of interest.
 */
const execShape = /^Exec for "(?<id>[0-9a-f]{12,64})" with command \[(?<command>[^\]]{1,2000})\], tty/

function byContainerd(record: LogRecord): ChangeEvent | null {
  const found = !mayBeBy(record, 'containerd') ? undefined : execShape.exec(logrusLine(record).message)?.groups
  if (found === undefined) return null
  const target = refOf({ containerId: found['id'] })
  return { ...baseOf(record), kind: 'change', what: 'exec', by: 'containerd', subject: null, detail: found['command'] ?? '', target }
}

// CRON[12345]: (root) CMD (/usr/local/bin/reindex --all)      (vixie cron of Debian, cronie of RHEL; Debian's from 12 on prints two blanks and more)
const cronShape = /^(?:(?:CRON|cron|crond)(?:\[\d{1,10}\])?: )?\([\w.@\\$-]{1,64}\) CMD \( {0,8}(?<command>\S.{0,1000})\)$/

/** A scheduled command: most are small and of no interest, so that only those are told that name the program of a kill. */
function byCron(record: LogRecord): ChangeEvent | null {
  const command = mayBeBy(record, /^cron/i) ? cronShape.exec(record.message.trimEnd())?.groups?.['command'] : undefined
  if (command === undefined) return null
  return {
    ...baseOf(record),
    kind: 'change',
    what: 'job',
    by: 'cron',
    subject: null,
    detail: command.trimEnd().slice(0, 200),
    target: null,
  }
}

// Mon Nov 24 02:00:01 2025 -> Reading databases from /var/lib/clamav      (clamd, at its start and at each reload; behind a program's front in a journal)
const reloadShape = /(?:^|-> )Reading databases from (?<from>\/\S{1,500})$/

function byClamd(record: LogRecord): ChangeEvent | null {
  const from = mayBeBy(record, /^clamd/) ? reloadShape.exec(record.message.trimEnd())?.groups?.['from'] : undefined
  if (from === undefined) return null
  return {
    ...baseOf(record),
    kind: 'change',
    what: 'reload',
    by: 'clamd',
    subject: null,
    detail: `Reading databases from ${from}`,
    target: null,
  }
}

/** What people change by hand on a machine, as sudo and the runtime tell it, and what cron starts. */
export const changes = lineExtractor(
  'changes',
  ['; COMMAND=/', 'Exec for \\"', 'Exec for "', ') CMD (', 'Reading databases from /'],
  (record) => {
    if (record.writer === 'kernel' || record.writer === 'container') return null
    if (record.message.includes('COMMAND=')) return bySudo(record)
    if (record.message.includes('Reading databases')) return byClamd(record)
    return record.message.includes(') CMD (') ? byCron(record) : byContainerd(record)
  },
)
