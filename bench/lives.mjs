// Lines about containers' lives, as a busy node writes them: what extractors want, and nobody needs unless somebody dies.

/**
 * What speaks of one container from its making to its end; each call gives the next line of some container. Ids are all different, pods come and go.
 * @param {() => number} random
 * @param {{ inner?: 'orderly' | 'random' }} options `random`: stamps inside the messages are of any time of the week, as when a log was replayed.
 */
export function openLives(random, { inner = 'orderly' } = {}) {
  const open = []
  let last = []
  const hex = (digits) => {
    let text = ''
    while (text.length < digits)
      text += Math.floor(random() * 4294967296)
        .toString(16)
        .padStart(8, '0')
    return text.slice(0, digits)
  }
  const born = () => {
    const name = `${pick(['build', 'lint', 'e2e', 'report', 'runner'])}-${hex(8)}-${hex(5)}`
    const uid = `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`
    return { name, namespace: pick(['ci', 'batch', 'tools']), uid, sandbox: hex(64), id: hex(64), step: 0 }
  }
  const pick = (list) => list[Math.floor(random() * list.length)]
  const stepOf = (pod, stamp) => steps[pod.step++](pod, inner === 'orderly' ? stamp : anyStamp(random))
  return {
    /** A container that runs now: who dies is one of them. */
    victim: () => (open.length === 0 ? null : pick(open)),
    /** The text behind the host's name. `stamp`: `2026-11-17T03:14:07.198611`. */
    line(stamp) {
      // Now and then somebody who died long ago is spoken of again.
      if (last.length > 0 && random() < 0.02) return again(pick(last), stamp)
      if (open.length < 40) open.push(born())
      const at = Math.floor(random() * open.length)
      const pod = open[at]
      const text = stepOf(pod, stamp)
      if (pod.step === steps.length) {
        open.splice(at, 1)
        last = [pod, ...last.slice(0, 20)]
      }
      return text
    },
  }
}

/** A kernel's line about a pod's container as one about another one. */
export function about({ uid, id }, text) {
  return text
    .replace(
      /\bpod[0-9a-f]{8}([-_])[0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{4}[-_][0-9a-f]{12}/g,
      (_, dash) => `pod${uid.replaceAll('-', dash)}`,
    )
    .replace(/\b[0-9a-f]{64}\b/g, id)
}

function anyStamp(random) {
  const at = new Date(Date.UTC(2026, 10, 17) + random() * 7 * 86_400_000)
  return at.toISOString().slice(0, 23) + String(Math.floor(random() * 1000)).padStart(3, '0')
}

const klog = (t, file) => `kubelet[942]: I${t.slice(5, 7)}${t.slice(8, 10)} ${t.slice(11, 26)}     942 ${file}]`
const containerd = (t, text) => `containerd[514]: time="${t}123Z" level=info msg="${text.replaceAll('"', '\\"')}"`
const pleg = (type, data) => (p, t) =>
  `${klog(t, 'kubelet.go:2453')} "SyncLoop (PLEG): event for pod" pod="${p.namespace}/${p.name}" event={"ID":"${p.uid}","Type":"${type}","Data":"${p[data]}"}`
const jsonPleg = (type, data) => (p, t) =>
  `kubelet[942]: {"ts":${Date.parse(`${t.slice(0, 23)}Z`)}.5,"caller":"kubelet/kubelet.go:2453","msg":"SyncLoop (PLEG): event for pod","v":2,"pod":{"name":"${p.name}","namespace":"${p.namespace}"},"event":{"ID":"${p.uid}","Type":"${type}","Data":"${p[data]}"}}`

const steps = [
  (p, t) =>
    containerd(
      t,
      `RunPodSandbox for &PodSandboxMetadata{Name:${p.name},Uid:${p.uid},Namespace:${p.namespace},Attempt:0,} returns sandbox id "${p.sandbox}"`,
    ),
  (p, t) =>
    containerd(
      t,
      `CreateContainer within sandbox "${p.sandbox}" for &ContainerMetadata{Name:app,Attempt:0,} returns container id "${p.id}"`,
    ),
  (p) => `systemd[1]: Started cri-containerd-${p.id}.scope - libcontainer container ${p.id}.`,
  (p, t) => containerd(t, `StartContainer for "${p.id}" returns successfully`),
  pleg('ContainerStarted', 'id'),
  jsonPleg('ContainerStarted', 'sandbox'),
  (p, t) => `${klog(t, 'generic.go:334')} "Generic (PLEG): container finished" podID="${p.uid}" containerID="${p.id}" exitCode=0`,
  pleg('ContainerDied', 'id'),
  (p) => `systemd[1]: cri-containerd-${p.id}.scope: Consumed 2.5s CPU time, 31.2M memory peak, 0B memory swap peak.`,
]

function again(p, t) {
  return `${klog(t, 'kuberuntime_container.go:808')} "Killing container with a grace period" pod="${p.namespace}/${p.name}" podUID="${p.uid}" containerName="app" containerID="containerd://${p.id}" gracePeriod=30`
}
