import type { ContainerRef, ToldDeath } from '../model/event.ts'
import { numberOf } from './event-base.ts'

/** `Killed process 123 (java) …` (node-problem-detector), `Killed process 208, UID 1000, (java) …` (RHEL6). */
const killed = /Kill(?:ed)? process (?<pid>\d+),? (?:UID \d+, )?\((?<comm>[^)]*)\)/
/** `System OOM encountered, victim process: java, pid: 123` (kubelet 1.20 and later) */
const systemOom = /victim process: (?<comm>.*), pid: (?<pid>\d+)/
/** `Memory cgroup out of memory: Kill…`, `Out of memory: Kill…`: the prefix tells a group's limit from the machine. */
const prefix = /^(?:(?<memcg>Memory cgroup out of memory)|Out of memory): Kill/
/** `total-vm:920000kB, anon-rss:890732kB, file-rss:0kB` */
const figure = /\b(?<name>total-vm|anon-rss|file-rss|shmem-rss|pgtables):(?<kib>\d{1,15})kB/g
const uid = /\bUID:(?<n>\d{1,10})/
const adjustment = /\boom_score_adj:(?<n>-?\d{1,4})/
/** runc: `OCI runtime create failed: … container init was OOM-killed (memory limit too low?)` */
const init = /container init was OOM-killed/

/**
 * `pod was OOM killed. node:n1 pod:web-7d namespace:shop uid:5931aa75-…` (node problem detectors of clouds; also `pod: web-7d`, `uuid: …`): the pod that
 * the message names, if it speaks of a kill.
 */
const speaksOfKill = /oom|out of memory/i
const podName = /\bpod(?:[_ ]?name)?[:=] ?(?<v>[a-z0-9][-a-z0-9.]*)/i
const containerName = /\bcontainer(?:[_ ]?name)?[:=] ?(?<v>[a-z0-9][-a-z0-9]*)/i
const namespaceName = /\bnamespace[:=] ?(?<v>[a-z0-9][-a-z0-9]*)/i
const podUid = /\b(?:pod[_ ]?)?uu?id[:=] ?(?<v>[0-9a-f]{8}-[0-9a-f-]{27})/i

function podIn(message: string): ContainerRef | null {
  const value = (key: RegExp): string | null => key.exec(message)?.groups?.['v'] ?? null
  const pod = value(podName)
  if (pod === null || !speaksOfKill.test(message)) return null
  return { namespace: value(namespaceName), pod, podUid: value(podUid), container: value(containerName), containerId: null }
}

/** runc's word for a container that never came up, in the message of a StartError (128) too: the kernel killed its init. */
export const isInitKill = (message: string): boolean => init.test(message)

/** Reads an event's message; `null` where it tells of no death. */
export function toldDeath(message: string): ToldDeath | null {
  const victim = killed.exec(message)?.groups ?? systemOom.exec(message)?.groups ?? null
  const pod = podIn(message)
  const isInit = isInitKill(message)
  const start = prefix.exec(message)?.groups ?? null
  if (victim === null && pod === null && start === null && !isInit) return null
  const sizes = new Map<string, number>()
  for (const { groups } of message.matchAll(figure))
    if (groups !== undefined && !sizes.has(groups['name'] ?? '')) sizes.set(groups['name'] ?? '', Number(groups['kib']) * 1024)
  const size = (name: string): number | null => sizes.get(name) ?? null
  return {
    pid: numberOf(victim?.['pid']),
    comm: victim?.['comm'] ?? null,
    uid: numberOf(uid.exec(message)?.groups?.['n']),
    oomScoreAdj: numberOf(adjustment.exec(message)?.groups?.['n']),
    constraint: start === null ? null : start['memcg'] === undefined ? 'none' : 'memcg',
    totalVmBytes: size('total-vm'),
    anonRssBytes: size('anon-rss'),
    fileRssBytes: size('file-rss'),
    shmemRssBytes: size('shmem-rss'),
    pgtablesBytes: size('pgtables'),
    pod,
    isInit,
  }
}
