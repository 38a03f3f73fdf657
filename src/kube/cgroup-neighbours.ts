import type { CgroupIdentity } from '../model/figures.ts'
import type { ContainerShape, Runtime } from './cgroup-shapes.ts'
import { isContainerId } from './cgroup-shapes.ts'

/** What a component is because of its form or of the component before it, outside Kubernetes. */
export interface NeighbourShape {
  readonly level: CgroupIdentity['level']
  readonly container: ContainerShape | null
  readonly job: string | null
  readonly unit: string | null
}

interface Rule {
  /** The component before; `null`: any. */
  readonly after: RegExp | null
  readonly component: RegExp
  /** Of the groups of `component`, which are there wherever it matches. */
  readonly make: (
    groups: Readonly<Record<'id' | 'task' | 'allocation' | 'unit' | 'job' | 'application' | 'name', string>>,
  ) => NeighbourShape
}

const container = (id: string, runtime: Runtime | null, more: { monitor?: boolean; job?: string; unit?: string } = {}): NeighbourShape => ({
  level: 'container',
  container: { id, runtime, monitor: more.monitor ?? false },
  job: more.job ?? null,
  unit: more.unit ?? null,
})

const place = (level: CgroupIdentity['level'], job: string | null, unit: string | null = null): NeighbourShape => ({
  level,
  container: null,
  job,
  unit,
})

/** Ordered: the first that matches. Examples: kubernetes-oom §2.3. */
const RULES: readonly Rule[] = [
  // /docker/<id>; /docker/buildx/buildkit/<id>, /docker/buildkit/<25 letters and digits>
  { after: /^docker$/, component: /^(?<id>[0-9a-f]{12,64})$/, make: (g) => container(g.id, 'docker') },
  { after: /^buildkit$/, component: /^(?<id>[0-9a-z]{12,64})$/, make: (g) => container(g.id, 'docker') },
  // /lxc/107, /lxc.payload.c1, /lxc.payload/c1, /lxc.monitor.c1
  { after: /^lxc(?:\.payload)?$/, component: /^(?<id>.+)$/, make: (g) => container(g.id, 'lxc') },
  { after: /^lxc\.monitor$/, component: /^(?<id>.+)$/, make: (g) => container(g.id, 'lxc', { monitor: true }) },
  { after: null, component: /^lxc\.payload\.(?<id>.+)$/, make: (g) => container(g.id, 'lxc') },
  { after: null, component: /^lxc\.monitor\.(?<id>.+)$/, make: (g) => container(g.id, 'lxc', { monitor: true }) },
  // /ecs/<task>/<id>, /ecstasks.slice/ecstasks-<task>.slice/docker-<id>.scope
  { after: /^ecs$/, component: /^(?<task>[0-9a-f]{32}|[0-9a-f-]{36})$/, make: (g) => place('other', g.task) },
  {
    after: /^ecstasks\.slice$/,
    component: /^(?<unit>ecstasks-(?<task>[0-9a-f]{32})\.slice)$/,
    make: (g) => place('slice', g.task, g.unit),
  },
  // /nomad.slice/share.slice/<allocation>.<task>.scope
  {
    after: /^(?:nomad|share|reserve)\.slice$/,
    component: /^(?<unit>(?<allocation>[0-9a-f]{8}-[0-9a-f-]{27})\.(?<task>.+)\.scope)$/,
    make: (g) => container(g.task, null, { job: g.allocation, unit: g.unit }),
  },
  // /slurm/uid_1000/job_123/…, /system.slice/slurmstepd.scope/job_123/…, /system.slice/<node>_slurmstepd.scope/job_123/…
  { after: /^(?:uid_\d+|(?:.+_)?slurmstepd\.scope)$/, component: /^job_(?<job>\d+)$/, make: (g) => place('slurm-job', g.job) },
  // /hadoop-yarn/container_e17_1410901177871_0001_01_000005
  {
    after: null,
    component: /^(?<id>container_(?:e\d+_)?(?<application>\d+_\d+)_\d+_\d+)$/,
    make: (g) => container(g.id, null, { job: `application_${g.application}` }),
  },
  // /garden/<handle>, /mesos/<uuid>
  { after: /^garden$/, component: /^(?<id>.+)$/, make: (g) => container(g.id, null) },
  { after: /^mesos$/, component: /^(?<id>[0-9a-f-]{36})$/, make: (g) => container(g.id, null) },
  // /k8s.io/<id>: ctr and nerdctl name the cgroup after containerd's namespace; ids may be free names there
  { after: /^(?:k8s\.io|moby)$/, component: /^(?<id>.+)$/, make: (g) => container(g.id, 'containerd') },
  { after: /^default$/, component: /^(?<id>[0-9a-f]{64})$/, make: (g) => container(g.id, 'containerd') },
  // /libpod_parent/libpod-<id> is a prefixed form already; /qemu.slice/100.scope: Proxmox
  { after: /^qemu\.slice$/, component: /^(?<unit>\d+\.scope)$/, make: (g) => place('vm', null, g.unit) },
  // /machine.slice/machine-qemu\x2d1\x2dvm1.scope: libvirt; …-lxc\x2d…: libvirt's LXC; any other machine: systemd-nspawn
  { after: null, component: /^(?<unit>machine-qemu\\x2d.+\.scope)$/, make: (g) => place('vm', null, g.unit) },
  {
    after: null,
    component: /^(?<unit>machine-lxc\\x2d\d+\\x2d(?<name>.+)\.scope)$/,
    make: (g) => container(unescapeUnit(g.name), 'lxc', { unit: g.unit }),
  },
  {
    after: /^machine\.slice$/,
    component: /^(?<unit>machine-(?<name>.+)\.scope)$/,
    make: (g) => container(unescapeUnit(g.name), null, { unit: g.unit }),
  },
  {
    after: null,
    component: /^(?<unit>systemd-nspawn@(?<name>.+)\.service)$/,
    make: (g) => container(unescapeUnit(g.name), null, { unit: g.unit }),
  },
]

/** `vm1` of libvirt's `machine-qemu\x2d1\x2dvm1.scope`; `null` for other units. Its number counts starts. */
export function guestOfUnit(unit: string | null): string | null {
  const name = /^machine-qemu\\x2d\d{1,9}\\x2d(?<name>.{1,200})\.scope$/.exec(unit ?? '')?.groups?.['name']
  return name === undefined ? null : unescapeUnit(name)
}

/** `\x2d` → `-`, as systemd escapes names of units. */
function unescapeUnit(name: string): string {
  return name.replace(/\\x(?<hex>[0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

export function neighbourShape(component: string, previous: string, level: CgroupIdentity['level']): NeighbourShape | null {
  for (const rule of RULES) {
    if (rule.after !== null && !rule.after.test(previous)) continue
    const groups = rule.component.exec(component)?.groups
    if (groups !== undefined) return rule.make(groups as Parameters<Rule['make']>[0])
  }
  // A full id below a place that says nothing (`/ecs/<task>/<id>`, `/<containerd namespace>/<id>`) is a container of an unknown runtime.
  const bare = isContainerId(component) && component.length >= 33 && (level === 'other' || level === 'root')
  return bare ? container(component, null) : null
}
