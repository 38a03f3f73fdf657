import type { Incident, Kill } from '../model/incident.ts'
import type { ProcessSnapshot } from '../model/snapshot.ts'
import { maskSecrets } from '../text/secrets.ts'
import { sameHost } from '../timeline/hosts.ts'

/**
 * Which process it really was: `comm` has 15 bytes. Looked up by pid (and boot, where known) in ps output and journal fields; the comm must agree,
 * since a pid is used again. `null` where nothing holds it.
 */
export function commandLineOf(kill: Kill, incident: Incident, whole: boolean): { text: string; from: string } | null {
  if (kill.pid === null) return null
  const found = incident.snapshots.find(
    (s): s is ProcessSnapshot & (typeof incident.snapshots)[number] =>
      s.kind === 'process' &&
      s.pid === kill.pid &&
      s.cmdline !== null &&
      sameHost(s.host, kill.host) &&
      (s.bootId === null || !/^[0-9a-f]{32}$/.test(kill.boot) || s.bootId === kill.boot) &&
      agrees(s, kill.comm),
  )
  const told = found?.cmdline == null ? (ofKiller(kill) ?? ofPod(kill, incident)) : { text: found.cmdline, from: found.source }
  return told === null ? null : { text: whole ? told.text : shortCommand(told.text), from: told.from }
}

/** earlyoom and nohang print the victim's command line themselves. */
function ofKiller(kill: Kill): { text: string; from: string } | null {
  const { event } = kill
  return event?.kind === 'userspace-kill' && event.cmdline !== null ? { text: event.cmdline, from: event.quotes[0]?.source ?? '' } : null
}

/** What the pod's specification starts, where the victim bears that program's name: a child of another name is another program. */
function ofPod(kill: Kill, incident: Incident): { text: string; from: string } | null {
  const { workload, comm } = kill
  if (workload?.container == null || comm === null) return null
  const pod = incident.pods.find(
    (p) => p.name === workload.pod && p.containers.some((c) => c.name === workload.container && c.command.length > 0),
  )
  const command = pod?.containers.find((c) => c.name === workload.container)?.command ?? []
  const program = command[0]?.split('/').at(-1) ?? ''
  return pod === undefined || program.slice(0, 15) !== comm ? null : { text: command.join(' '), from: pod.source }
}

function agrees(s: ProcessSnapshot, comm: string | null): boolean {
  if (comm === null) return false
  const name = (s.cmdline ?? '').split(/\s+/)[0]?.split('/').at(-1) ?? ''
  return s.comm === comm || name.slice(0, 15) === comm || (s.cmdline ?? '').includes(comm)
}

/** Interpreters whose first plain argument is the program that a reader looks for. */
const interpreters = /^(?:python[\d.]*|node|ruby|perl|php|bash|sh|java)$/

/** Executable and script name only: arguments may hold secrets (shown whole with --show-command-lines). What is cut is masked first: half a secret is not known for one. */
function shortCommand(cmdline: string): string {
  const words = maskSecrets(cmdline).trim().split(/\s+/)
  const program = words[0] ?? ''
  if (!interpreters.test(program.split('/').at(-1) ?? '')) return words.length > 1 ? `${program} …` : program
  const jar = words.indexOf('-jar')
  const script = jar > 0 ? words[jar + 1] : words.slice(1).find((w) => !w.startsWith('-'))
  return script === undefined ? `${program} …` : `${program}${jar > 0 ? ' -jar' : ''} ${script}${words.length > 2 ? ' …' : ''}`
}
