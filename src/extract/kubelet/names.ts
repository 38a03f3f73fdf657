import type { ContainerRef } from '../../model/event.ts'
import { refOf } from '../event-base.ts'
import { member } from '../go-values.ts'
import { jsonFields } from '../logrus.ts'

type PodNames = Pick<ContainerRef, 'namespace' | 'pod' | 'podUid'>

/** The kubelet's old notation (`format.Pod`), still inside error texts: `web-0_shop(2f1c…)`; after `UID` came the deletion time. */
const oldPod = /(?<pod>(?<![-a-z0-9.])[a-z0-9][-a-z0-9.]{0,252})_(?<namespace>[a-z0-9][-a-z0-9]{0,62})\((?<podUid>[^()\s]{1,64})\)/
const newPod = /^(?<namespace>[a-z0-9][-a-z0-9]*)\/(?<pod>[a-z0-9][-a-z0-9.]*)$/

/** Reads `ns/name`, `name_ns(uid)`, `{"name":…,"namespace":…}` or a bare name. */
export function podNames(text: string | undefined): PodNames {
  const none: PodNames = { namespace: null, pod: null, podUid: null }
  if (text === undefined || text === '') return none
  if (text.startsWith('{')) {
    const fields = jsonFields(text)
    return { namespace: fields?.['namespace'] ?? null, pod: fields?.['name'] ?? null, podUid: null }
  }
  const found = newPod.exec(text)?.groups ?? oldPod.exec(text)?.groups
  if (found === undefined) return /^[a-z0-9][-a-z0-9.]*$/.test(text) ? { ...none, pod: text } : none
  return { namespace: found['namespace'] ?? null, pod: found['pod'] ?? null, podUid: found['podUid'] ?? null }
}

/** The pod that an old text names anywhere, as `name_ns(uid)`. */
export function podIn(text: string): PodNames {
  const found = text.includes('_') && text.includes('(') ? oldPod.exec(text)?.groups : undefined
  return { namespace: found?.['namespace'] ?? null, pod: found?.['pod'] ?? null, podUid: found?.['podUid'] ?? null }
}

/** `containerd://C`, `{Type:containerd ID:C}`, `{"Type":"docker","ID":"C"}`, `{"docker" "C"}` or `C` → C. */
export function containerId(text: string | undefined): string | null {
  if (text === undefined) return null
  const id = member(text, 'ID') ?? /(?:^|:\/\/|["\s])(?<id>[0-9a-f]{12,64})(?:$|["}\s])/.exec(text)?.groups?.['id']
  return id === undefined || !/^[0-9a-f]{12,64}$/.test(id) ? null : id
}

/** The container that a structured message's keys name: pod, podUID or podID, containerName, containerID or containerStatusID. */
export function refOfKeys(values: Readonly<Record<string, string>>): ContainerRef {
  const pod = podNames(values['pod'])
  return refOf({
    ...pod,
    podUid: values['podUID'] ?? values['podID'] ?? pod.podUid,
    container: values['containerName'],
    containerId: containerId(values['containerID'] ?? values['containerStatusID']),
  })
}

/** `namespace/name` of a printed pod in any notation, as the ranking wants it. */
export function slashName(text: string): string {
  const { namespace, pod } = podNames(text)
  return namespace === null || pod === null ? text : `${namespace}/${pod}`
}
