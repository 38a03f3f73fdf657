import { containerText } from '../facts/names.ts'
import type { Event, KernelOomEvent, ObjectEvent } from '../model/event.ts'
import type { OomDump } from '../model/oom-dump.ts'
import { bytesText, countText } from '../text/values.ts'
import { visible } from '../text/visible.ts'

/**
 * What happened, in a few plain words for the timeline: our words first, the log's own where they say it best. Who tells of a container or a unit stands in front
 * (`kubelet: container app started`); a table that has a column for it leaves that out.
 * `mayBeSandbox`: of a container that only its id tells of, which may as well be the pod's sandbox.
 */
export function eventText(event: Event, mayBeSandbox: boolean): { kind: string; text: string } {
  const { kind, text } = wording(event)
  const told = mayBeSandbox ? text.replace('container ', 'sandbox or container ') : text
  const clean = visible(told.replace(/\s+/g, ' ').trim())
  return { kind, text: clean.length > 300 ? `${clean.slice(0, 297)}…` : clean }
}

/** What became of a container, behind its name. */
const containerWords: Record<Extract<Event, { kind: 'container' }>['what'], string> = {
  oom: 'ran out of memory',
  exit: 'exited',
  killing: 'is being killed',
  died: 'died',
  started: 'started',
  'back-off': 'waits before its next restart (back-off)',
  'probe-failed': 'failed a probe',
  'kill-failed': 'could not be killed',
  created: 'was created',
  'stop-requested': 'was asked to stop',
}

const nodeWords: Record<Extract<Event, { kind: 'node' }>['what'], string> = {
  'system-oom': 'kubelet reports a system OOM',
  'memory-pressure': 'node under memory pressure',
  'memory-pressure-ended': 'node no longer under memory pressure',
  'not-ready': 'node not ready',
  ready: 'node ready',
  'pleg-unhealthy': 'kubelet cannot list its containers in time (PLEG)',
  'kubelet-started': 'kubelet started',
  'admission-refused': 'kubelet refused a pod',
  'oom-watcher-stopped': 'kubelet no longer receives OOM notifications',
  'npd-oom-killing': 'node-problem-detector saw an OOM kill',
  preempted: 'kubelet preempted a pod',
}

const changeWords: Record<Extract<Event, { kind: 'change' }>['what'], string> = {
  limit: 'a memory limit was set',
  exec: 'a command was run',
  package: 'packages were changed',
  setting: 'a kernel setting was changed',
  edit: 'a workload was edited',
  job: 'a scheduled command was started',
  kernel: 'the machine was booted into another kernel',
  reload: 'a program began to load its data',
  load: 'a tool that takes memory on purpose was started',
}

const evictionWords: Record<Extract<Event, { kind: 'eviction' }>['stage'], string> = {
  observed: 'eviction manager measured',
  'threshold-met': 'eviction threshold met',
  attempting: 'kubelet attempts to reclaim memory',
  'must-evict': 'kubelet must evict pods',
  ranked: 'pods ranked for eviction',
  evicting: 'kubelet evicts',
  evicted: 'evicted',
  failed: 'eviction failed',
  refused: 'eviction refused',
  relieved: 'pressure relieved without eviction',
  'nothing-to-evict': 'nothing left to evict',
}

function wording(e: Event): { kind: string; text: string } {
  switch (e.kind) {
    case 'kernel-oom':
      return {
        kind: 'kernel-oom',
        text: `${e.dump.trigger?.comm == null ? 'the kernel ran its OOM killer' : `${e.dump.trigger.comm} invoked the OOM killer`}${whereAsked(e.dump)}${chosen(e)}`,
      }
    case 'container': {
      const more = [
        e.exitCode === null ? '' : `exit code ${e.exitCode}`,
        e.reason ?? '',
        e.cause ?? '',
        e.gracePeriodSeconds === null ? '' : `grace period ${e.gracePeriodSeconds} s`,
      ].filter((s) => s !== '')
      return {
        kind: `container-${e.what}`,
        text: `${e.by}: ${containerText(e.target)} ${containerWords[e.what]}${more.length > 0 ? ` (${more.join(', ')})` : ''}`,
      }
    }
    case 'eviction': {
      const figures =
        e.availableBytes === null
          ? ''
          : `: ${bytesText(e.availableBytes)} available${e.thresholdBytes === null ? '' : `, threshold ${bytesText(e.thresholdBytes)}`}`
      return {
        kind: `eviction-${e.stage}`,
        text: `${evictionWords[e.stage]}${e.target === null ? '' : ` ${containerText(e.target)}`}${figures}${e.message === null ? '' : ` – ${e.message}`}`,
      }
    }
    case 'node':
      return {
        kind: `node-${e.what}`,
        text: `${nodeWords[e.what]}${e.comm === null ? '' : `: ${e.comm}${e.pid === null ? '' : ` (${e.pid})`}`}`,
      }
    case 'unit': {
      const unit = unitName(e.unit)
      const text: Record<typeof e.what, string> = {
        'oom-killed': `systemd: a process of ${unit} was killed by the OOM killer`,
        'process-killed': `systemd killed a process of ${unit} that was left over`,
        'oomd-killed': `systemd-oomd killed processes of ${unit}`,
        failed: `systemd: ${unit} failed with result ${e.result ?? 'unknown'}`,
        'main-exited': `systemd: the main process of ${unit} ended${e.result === null ? '' : ` (${e.result})`}`,
        'restart-scheduled': `systemd: a restart of ${unit} was scheduled${e.restartCounter === null ? '' : `, counter at ${e.restartCounter}`}`,
        started: `systemd: ${unit} started`,
        consumed: `systemd: ${unit} ended${e.memoryPeakBytes === null ? '' : ` with a memory peak of ${bytesText(e.memoryPeakBytes)}`}`,
        'stop-timeout': `systemd: ${unit} did not stop in time`,
        stopped: `systemd: ${unit} stopped`,
      }
      return { kind: `unit-${e.what}`, text: text[e.what] }
    }
    case 'userspace-kill':
      if (e.echo === true)
        return {
          kind: 'kill-reported',
          text: `${e.killer} reports an out-of-memory kill by the kernel${e.monitored === null ? '' : ` in ${e.monitored}`}`,
        }
      return {
        kind: 'userspace-kill',
        text: `${e.killer} killed ${e.comm ?? e.cgroup ?? 'a process'}${e.pid === null ? '' : ` (${e.pid})`}${e.reason === null ? '' : `: ${e.reason}`}`,
      }
    case 'runtime':
      return { kind: `runtime-${e.what}`, text: `${e.runtime}: ${e.detail ?? e.quotes[0]?.text ?? e.what}` }
    case 'object-event':
      return {
        kind: 'kubernetes-event',
        text: objectWords(e),
      }
    case 'kernel-notice':
      return { kind: e.notice, text: `kernel: ${e.quotes[0] === undefined ? e.notice : lastPart(e.quotes[0].text)}` }
    case 'loss':
      return {
        kind: 'lines-lost',
        text: `${e.count === null ? 'lines' : countText(e.count)} ${e.what === 'callbacks-suppressed' ? `messages of ${e.subject ?? 'the kernel'} suppressed` : 'kernel messages lost'}`,
      }
    case 'foreign-words':
      return {
        kind: 'foreign-words',
        text: `${e.by ?? 'a program'} wrote words of ${e.of}: ${e.quotes[0] === undefined ? '' : lastPart(e.quotes[0].text)}`,
      }
    case 'change':
      return {
        kind: `change-${e.what}`,
        text: `${e.by}: ${changeWords[e.what]}${e.target === null ? '' : ` in ${containerText(e.target)}`}: ${e.detail}`,
      }
    case 'boot':
      return { kind: 'boot', text: `kernel ${e.release ?? ''} booted` }
  }
}

/** `cri-containerd-91ef….scope` holds 64 digits of which twelve tell it. */
const unitName = (unit: string): string => unit.replace(/(?<=(?:^|-)[0-9a-f]{12})[0-9a-f]{52}(?=\.scope$)/, '…')

/** `pod shop/cart: Back-off restarting failed container (BackOff, 12 times)`: the reason stands behind where the message does not say it. */
function objectWords({ reason, objectKind, namespace, name, message, count }: ObjectEvent): string {
  const more = [...(message.includes(reason) ? [] : [reason]), ...(count !== null && count > 1 ? [`${countText(count)} times`] : [])]
  const who = name === null ? '' : `${(objectKind ?? 'object').toLowerCase()} ${namespace === null ? '' : `${namespace}/`}${name}: `
  return `${who}${message}${more.length === 0 ? '' : ` (${more.join(', ')})`}`
}

/** The message without the wrapping in front, as far as a plain prefix can be told. */
const lastPart = (line: string): string => line.replace(/^.*?(?:kernel: |\] )(?=\S)/, '')

/** A runtime names a container's cpuset after the container: in a report whose end is lost that may be all that tells where it was. */
function whereAsked(dump: OomDump): string {
  const id = /(?<id>[0-9a-f]{64})/.exec(dump.trigger?.cpuset ?? dump.cpuset ?? '')?.groups?.['id']
  return id === undefined || dump.kills.length > 0 ? '' : ` in container ${id.slice(0, 12)}`
}

/** `Kill process 2178895 (x) score 1940 or sacrifice child`: chosen, but a child may have died in its place. */
function chosen({ dump, quotes }: KernelOomEvent): string {
  if (dump.kills.length > 0) return ''
  const groups = [...Object.values(dump.quotes).flat(), ...quotes].map(
    ({ text }) => /[Kk]ill process (?<pid>\d+) \((?<comm>.*?)\) score/.exec(text)?.groups,
  )
  const found = groups.find((one) => one !== undefined)
  return found === undefined ? '' : `, which chose ${found['comm']} (${found['pid']})`
}
