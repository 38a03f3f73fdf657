import type { Document } from '../../model/record.ts'
import type { PodSnapshot } from '../../model/snapshot.ts'
import { warning } from '../../warnings.ts'
import { kubeletConfigOf, settingsOfKubelet } from './kubelet-config.ts'
import { eventOfManifest, isEvent } from './manifest-event.ts'
import { isNode, nodeOfManifest } from './manifest-node.ts'
import { isPod, podOfManifest } from './manifest-pod.ts'
import type { Facts } from './page.ts'
import { podsOfParts } from './paste/status-parts.ts'
import { child, itemsOf, type Quoter, type Tree, textAt } from './tree.ts'

/** Takes what is known of one API object, or of the objects of a List. Other kinds are passed by. */
export function takeObject(tree: Tree, quoter: Quoter, document: Document, facts: Facts): void {
  if (tree.kind !== 'map') return
  const items = child(tree, 'items')
  if (items?.kind === 'list') {
    for (const item of itemsOf(items)) takeObject(item, quoter, document, facts)
    return
  }
  // An object as etcd keeps it: `{"key":"/registry/pods/shop/cart","value":{…}}`
  const kept = textAt(tree, 'key')?.startsWith('/') === true ? child(tree, 'value') : null
  if (kept !== null) takeObject(kept, quoter, document, facts)
  else if (isPod(tree)) facts.snapshots.push(podOfManifest(tree, quoter, document.source))
  else if (isBarePod(tree)) facts.snapshots.push(...statusOnly(tree, quoter, document.source))
  else if (isNode(tree)) facts.snapshots.push(nodeOfManifest(tree, quoter, document.source))
  else if (isEvent(tree)) facts.events.push(eventOfManifest(tree, quoter))
  else {
    const config = kubeletConfigOf(tree)
    if (config !== null) takeKubeletConfig(config, quoter, document, facts)
  }
}

/** A pod whose specification was left out: its status names the containers. */
const isBarePod = (tree: Tree): boolean => textAt(tree, 'kind') === 'Pod' && child(tree, 'status')?.kind === 'map'

function statusOnly(tree: Tree, quoter: Quoter, source: string): PodSnapshot[] {
  const parts = podsOfParts(tree, quoter, source)
  return parts.length > 0 || textAt(tree, 'status', 'reason') === null ? parts : [podOfManifest(tree, quoter, source)]
}

function takeKubeletConfig(config: Tree, quoter: Quoter, document: Document, facts: Facts): void {
  const settings = settingsOfKubelet(config, quoter, document.source)
  if (Object.keys(settings.values).length > 0) facts.snapshots.push(settings)
}

/** Text of a ConfigMap's entries that are a kubelet's configuration, with the offset of their key. */
export function kubeletTextsOf(tree: Tree): { readonly text: string; readonly at: number }[] {
  if (textAt(tree, 'kind') !== 'ConfigMap') return []
  const data = child(tree, 'data')
  if (data?.kind !== 'map') return []
  return [...data.entries.values()]
    .map((entry) => ({ text: entry.kind === 'scalar' ? String(entry.value) : '', at: entry.at }))
    .filter(({ text }) => text.includes('KubeletConfiguration'))
}

export function cutWarning(facts: Facts, quoter: Quoter, document: Document, format: string, at: number, reason: string): void {
  facts.warnings.push(warning('document-cut', document.source, quoter.quote(at).line, { format, reason }))
}
