import type { LossMark } from '../model/event.ts'

const kills = /oom|pagefault/
const kernel = /kernel/
const nodeServices = /kubelet|k3s|rke2|containerd|crio|docker/

/**
 * Whose lines were lost, by the subject that the mark names. Rate limits are per caller: those of audit, the network and of other programs' messages take no line
 * of a kill away (kernel lib/ratelimit.c; journald's limit is per unit and never for the kernel; imuxsock's per process).
 */
export function lossOf(what: LossMark['what'], subject: string | null): LossMark['of'] {
  if (subject === null) return 'anything'
  if (what === 'callbacks-suppressed') return kills.test(subject) ? 'kill-reports' : 'others'
  if (what === 'journal-missed') return kernel.test(subject) ? 'anything' : nodeServices.test(subject) ? 'node-services' : 'others'
  return what === 'syslog-lost' && subject === 'imuxsock' ? 'others' : 'anything'
}
