import type { SettingSnapshot, Told } from '../../model/snapshot.ts'
import { child, entriesOf, type Quoter, type Tree, textAt, textOf } from './tree.ts'

/** Settings of the kubelet that bear on memory (KubeletConfiguration v1beta1; flags of the same names). */
const SCALARS = [
  'singleProcessOOMKill',
  'cgroupDriver',
  'cgroupRoot',
  'cgroupsPerQOS',
  'failSwapOn',
  'memoryThrottlingFactor',
  'evictionPressureTransitionPeriod',
  'evictionMaxPodGracePeriod',
  'mergeDefaultEvictionSettings',
  'kernelMemcgNotification',
  'memoryManagerPolicy',
  'systemReservedCgroup',
  'kubeReservedCgroup',
  'kubeletCgroups',
  'systemCgroups',
  'oomScoreAdj',
  'maxPods',
  'containerLogMaxSize',
  'containerRuntimeEndpoint',
] as const
const MAPS = [
  'evictionHard',
  'evictionSoft',
  'evictionSoftGracePeriod',
  'evictionMinimumReclaim',
  'systemReserved',
  'kubeReserved',
  'memorySwap',
  'featureGates',
  'qosReserved',
] as const

/** `configz` wraps it; a ConfigMap holds it as text and is read elsewhere. */
export function kubeletConfigOf(tree: Tree): Tree | null {
  const inside = child(tree, 'kubeletconfig')
  if (inside !== null) return inside
  if (textAt(tree, 'kind') === 'KubeletConfiguration') return tree
  const bare = child(tree, 'evictionHard') !== null || child(tree, 'cgroupDriver') !== null
  return bare &&
    textAt(tree, 'kind') === null &&
    (child(tree, 'clusterDNS') ?? child(tree, 'kubeReserved') ?? child(tree, 'staticPodPath')) !== null
    ? tree
    : null
}

export function settingsOfKubelet(config: Tree, quoter: Quoter, source: string): SettingSnapshot {
  const values: Record<string, Told<string>> = {}
  const keep = (key: string, tree: Tree): void => {
    const value = textOf(tree)
    if (value !== null) values[`kubelet.${key}`] = { value, quote: quoter.quote(tree.at) }
  }
  for (const key of SCALARS) {
    const tree = child(config, key)
    if (tree !== null) keep(key, tree)
  }
  for (const key of MAPS) for (const [name, tree] of entriesOf(child(config, key))) keep(`${key}.${name}`, tree)
  for (const key of ['enforceNodeAllocatable']) {
    const tree = child(config, key)
    if (tree?.kind !== 'list') continue
    const items = tree.items.map(textOf).filter((item) => item !== null)
    values[`kubelet.${key}`] = { value: items.join(','), quote: quoter.quote(tree.at) }
  }
  return { kind: 'setting', source, host: null, values }
}
