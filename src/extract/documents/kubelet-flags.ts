import type { SettingSnapshot, Told } from '../../model/snapshot.ts'
import type { DocumentReader } from '../define-extractor.ts'
import { firstLines, newFacts, type Page, pageOf, quoteAt } from './page.ts'

/** Flags of the kubelet by the names of its configuration file. */
const MAPS: Readonly<Record<string, string>> = {
  'eviction-hard': 'evictionHard',
  'eviction-soft': 'evictionSoft',
  'eviction-soft-grace-period': 'evictionSoftGracePeriod',
  'eviction-minimum-reclaim': 'evictionMinimumReclaim',
  'system-reserved': 'systemReserved',
  'kube-reserved': 'kubeReserved',
  'feature-gates': 'featureGates',
  'qos-reserved': 'qosReserved',
}
const SCALARS: Readonly<Record<string, string>> = {
  'cgroup-driver': 'cgroupDriver',
  'cgroup-root': 'cgroupRoot',
  'cgroups-per-qos': 'cgroupsPerQOS',
  'enforce-node-allocatable': 'enforceNodeAllocatable',
  'eviction-max-pod-grace-period': 'evictionMaxPodGracePeriod',
  'eviction-pressure-transition-period': 'evictionPressureTransitionPeriod',
  'fail-swap-on': 'failSwapOn',
  'kernel-memcg-notification': 'kernelMemcgNotification',
  'memory-manager-policy': 'memoryManagerPolicy',
  'max-pods': 'maxPods',
  'oom-score-adj': 'oomScoreAdj',
  'system-reserved-cgroup': 'systemReservedCgroup',
  'kube-reserved-cgroup': 'kubeReservedCgroup',
}
const FLAG = /(?:^|[\s"'])--(?<name>[a-z][a-z-]+)[= ](?<quote>["']?)(?<value>[^\s"']+)\k<quote>/g
const KUBELET = /(?:^|\/)(?:kubelet|kubelite|hyperkube|kubenswrapper)(?:\s|$)/

/** Settings on a command line of the kubelet; nothing for any other program. `index`: the line that holds it. */
export function kubeletFlags(page: Page, index: number, cmdline: string): SettingSnapshot[] {
  return KUBELET.test(cmdline) ? settings(page, index, cmdline) : []
}

function settings(page: Page, index: number, text: string): SettingSnapshot[] {
  const values: Record<string, Told<string>> = {}
  const quote = quoteAt(page, index)
  for (const match of text.matchAll(FLAG)) {
    const name = match.groups?.['name'] ?? ''
    const value = match.groups?.['value'] ?? ''
    const scalar = SCALARS[name]
    const map = MAPS[name]
    if (scalar !== undefined) values[`kubelet.${scalar}`] = { value, quote }
    if (map === undefined) continue
    // memory.available<750Mi,nodefs.available<10% or memory=1Gi,cpu=100m
    for (const part of value.split(',')) {
      const pair = /^(?<key>[^<=]+)[<=](?<value>.+)$/.exec(part)?.groups
      if (pair !== undefined) values[`kubelet.${map}.${pair['key']}`] = { value: pair['value'] ?? '', quote }
    }
  }
  return Object.keys(values).length === 0 ? [] : [{ kind: 'setting', source: page.source, host: null, values }]
}

/** `KUBELET_KUBEADM_ARGS="--…"`, `ExecStart=/usr/bin/kubelet …`, a command line by itself (AKS periscope's kubeletcmd). */
const LINE = /^(?:KUBELET_\w*=|ExecStart=\S*kubelet |\/\S*kubelet(?:\s|$)|kubelet --|\s*--(?:eviction-hard|kube-reserved|system-reserved)=)/

export const kubeletCommand: DocumentReader = {
  id: 'kubelet-command',
  title: 'Command line of the kubelet',
  writtenBy: 'kubeadm-flags.env, kubelet.service, ps',
  seen: 'documented',
  sniff: (head) => (firstLines(head, 30).some((line) => LINE.test(line)) && /--[a-z-]+[= ]/.test(head) ? 'strong' : 'none'),
  read(document) {
    const page = pageOf(document)
    const snapshots = page.lines.flatMap((line, index) => (/--[a-z]/.test(line) ? settings(page, index, line) : []))
    return { ...newFacts(), snapshots }
  },
}
