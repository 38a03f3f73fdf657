import type { Incident, Kill } from '../model/incident.ts'
import type { ProcessSnapshot } from '../model/snapshot.ts'
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
  return found?.cmdline == null ? null : { text: whole ? found.cmdline : shortCommand(found.cmdline), from: found.source }
}

function agrees(s: ProcessSnapshot, comm: string | null): boolean {
  if (comm === null) return false
  const name = (s.cmdline ?? '').split(/\s+/)[0]?.split('/').at(-1) ?? ''
  return s.comm === comm || name.slice(0, 15) === comm || (s.cmdline ?? '').includes(comm)
}

/** Interpreters whose first plain argument is the program that a reader looks for. */
const interpreters = /^(?:python[\d.]*|node|ruby|perl|php|bash|sh|java)$/

/** Executable and script name only: arguments may hold secrets (shown whole with --show-command-lines). */
export function shortCommand(cmdline: string): string {
  const words = cmdline.trim().split(/\s+/)
  const program = words[0] ?? ''
  if (!interpreters.test(program.split('/').at(-1) ?? '')) return words.length > 1 ? `${program} …` : program
  const jar = words.indexOf('-jar')
  const script = jar > 0 ? words[jar + 1] : words.slice(1).find((w) => !w.startsWith('-'))
  return script === undefined ? `${program} …` : `${program}${jar > 0 ? ' -jar' : ''} ${script}${words.length > 2 ? ' …' : ''}`
}
