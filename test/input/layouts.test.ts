import { describe, expect, test } from 'vitest'
import { placeSources } from '../../src/input/index.ts'
import { layouts } from '../../src/input/layouts/index.ts'
import { rotationOf } from '../../src/input/layouts/rotation.ts'

const placed = (bundle: string, separator: '!' | '/', paths: readonly string[]) =>
  placeSources(paths.map((path) => ({ name: `${bundle}${separator}${path}`, path, bundle, modifiedMs: null })))
const uid = '7d1e2c3b-4a5f-6789-abcd-ef0123456789'
const id = 'ab'.repeat(32)

/** Layout, files that make it one, then file → layout, role, host. */
const trees: readonly [string, readonly string[], Readonly<Record<string, readonly [string | null, string | null]>>][] = [
  [
    'sos',
    ['sos_commands/date/date', 'sos_reports/manifest.json', 'version.txt'],
    {
      'sos_commands/kernel/dmesg': ['kernel', null],
      'sos_commands/logs/journalctl_--no-pager': ['journal', null],
      'sos_commands/openshift/journalctl_--no-pager_--unit_kubelet': ['kubelet', null],
      'proc/meminfo': ['meminfo', null],
      'proc/sys/kernel/random/boot_id': ['boot-id', null],
      'var/log/messages-20240101.gz': ['syslog', null],
      'sos_commands/kernel/sysctl_-a': ['sysctl', null],
      'sys/fs/cgroup/kubepods.slice/memory.events': ['cgroup', null],
    },
  ],
  [
    'must-gather',
    ['cluster-scoped-resources/core/nodes/w-1.yaml', 'namespaces/default/core/events.yaml', 'event-filter.html'],
    {
      'nodes/w-1/w-1_logs_kubelet.gz': ['kubelet', 'w-1'],
      'host_service_logs/masters/kubelet_service.log': ['kubelet', null],
      'cluster-scoped-resources/core/nodes/w-1.yaml': ['nodes', 'w-1'],
      'namespaces/shop/core/pods.yaml': ['pods', null],
    },
  ],
  [
    'troubleshoot',
    ['cluster-resources/nodes.json', 'cluster-info/cluster_version.json', 'version.yaml'],
    {
      'host-collectors/n-1/journald/kernel-messages.txt': ['kernel', 'n-1'],
      'host-collectors/system/memory.json': ['meminfo', null],
      'cluster-resources/events/shop.json': ['events', null],
    },
  ],
  [
    'eks',
    ['kernel/dmesg.current', 'system/instance-id.txt'],
    {
      'kernel/dmesg.current': ['kernel', null],
      'kubelet/kubelet.log': ['kubelet', null],
      'containerd/containerd-log.txt': ['runtime', null],
    },
  ],
  [
    'rancher',
    ['systeminfo/dmesg', 'systemlogs/messages'],
    { 'systeminfo/dmesg': ['kernel', null], 'journald/k3s-agent': ['kubelet', null], 'rke2/kubectl/nodesdescribe': ['nodes', null] },
  ],
  [
    'harvester',
    ['metadata.yaml', 'yamls/cluster/kubernetes/nodes.yaml'],
    { 'yamls/namespaced/shop/kubernetes/events.yaml': ['events', null] },
  ],
  ['supportconfig', ['basic-environment.txt', 'boot.txt'], { 'boot.txt': ['kernel', null], 'memory.txt': ['meminfo', null] }],
  [
    'kind',
    ['kind-version.txt', 'kind-worker/kubelet.log'],
    { 'kind-worker/kubelet.log': ['kubelet', 'kind-worker'], 'kind-worker/journal.log': ['journal', 'kind-worker'] },
  ],
  ['talos', ['cluster/info', '10.0.0.2/dmesg.log'], { '10.0.0.2/dmesg.log': ['kernel', '10.0.0.2'] }],
  ['cluster-info-dump', ['nodes.json', 'shop/pods.json'], { 'nodes.json': ['nodes', null], 'shop/events.json': ['events', null] }],
  ['kdump', ['vmcore-dmesg.txt'], { 'vmcore-dmesg.txt': ['kernel', null] }],
  ['aks-periscope', ['n-1/systemlogs/kubelet', 'n-1/nodelogs/x'], { 'n-1/systemlogs/kubelet': ['kubelet', 'n-1'] }],
]

describe.each(trees)('%s', (layout, markers, files) => {
  test.each(['', 'renamed-by-somebody/', 'case-1/upload/'])('below "%s"', (top) => {
    const paths = [...new Set([...markers, ...Object.keys(files)])].map((path) => top + path)
    const places = placed('case.tar', '!', paths)
    for (const [path, [role, host]] of Object.entries(files)) {
      expect(places.get(`case.tar!${top}${path}`), path).toMatchObject({ layout, role, host })
      if (layout !== 'kdump')
        expect(places.get(`case.tar!${top}${path}`)?.bundle).toBe(top === '' ? 'case.tar' : `case.tar!${top.slice(0, -1)}`)
    }
  })
})

test('every layout but the last has a tree here or is documented by hand', () => {
  const tested = new Set(trees.map(([layout]) => layout))
  expect(layouts.map((layout) => layout.id).filter((each) => !tested.has(each))).toEqual(['ecs', 'microk8s', 'plain'])
})

test('a plain folder names a host only by nodes/ and hosts/', () => {
  const places = placed('upload', '/', ['nodes/a/kern.log', 'hosts/b/var/log/messages', 'c/kern.log', 'kern.log'])
  expect([...places.values()].map((place) => [place.host, place.layout, place.bundle])).toEqual([
    ['a', 'plain', 'upload'],
    ['b', 'plain', 'upload'],
    [null, 'plain', 'upload'],
    [null, 'plain', 'upload'],
  ])
})

test('loose files of one folder belong together', () => {
  const names = ['x/kern.log', 'x/pods.yaml', 'nodes/n1/kern.log']
  const places = placeSources(names.map((name) => ({ name, path: name.replace(/.*\//, ''), bundle: name, modifiedMs: null })))
  expect(names.map((name) => [places.get(name)?.bundle, places.get(name)?.host])).toEqual([
    ['x', null],
    ['x', null],
    ['nodes/n1', 'n1'],
  ])
})

test('members of a node archive inside a bundle are that node’s, at any depth', () => {
  const outer = 'sb.zip'
  const inner = `${outer}!nodes/node-3.zip`
  const deep = `${inner}!scc/scc_supportconfig.txz`
  const places = placeSources([
    { name: `${outer}!metadata.yaml`, path: 'metadata.yaml', bundle: outer, modifiedMs: null },
    { name: `${outer}!yamls/cluster/kubernetes/nodes.yaml`, path: 'yamls/cluster/kubernetes/nodes.yaml', bundle: outer, modifiedMs: null },
    { name: `${inner}!logs/kernel.log`, path: 'logs/kernel.log', bundle: inner, modifiedMs: null },
    { name: `${deep}!scc_x/boot.txt`, path: 'scc_x/boot.txt', bundle: deep, modifiedMs: null },
    { name: `${deep}!scc_x/basic-environment.txt`, path: 'scc_x/basic-environment.txt', bundle: deep, modifiedMs: null },
  ])
  expect(places.get(`${inner}!logs/kernel.log`)).toMatchObject({ host: 'node-3', role: 'kernel' })
  expect(places.get(`${deep}!scc_x/boot.txt`)).toMatchObject({ host: 'node-3', layout: 'supportconfig', bundle: `${deep}!scc_x` })
})

test('a crash folder inside a sos report stays in the report’s bundle and dates its log', () => {
  const crash = 'sos-1/var/crash/127.0.0.1-2024-01-31-12:00:00/vmcore-dmesg.txt'
  const place = placed('s.tar', '!', ['sos-1/sos_commands/date/date', 'sos-1/sos_reports/x', crash]).get(`s.tar!${crash}`)
  expect(place).toMatchObject({ layout: 'kdump', bundle: 's.tar!sos-1', nameDateUs: Date.UTC(2024, 0, 31, 12) * 1000, role: 'kernel' })
})

test.each([
  [
    `var/log/pods/shop_cart-7d9f_${uid}/app/3.log`,
    { namespace: 'shop', pod: 'cart-7d9f', podUid: uid, container: 'app', containerId: null },
  ],
  [
    `pods/shop_cart_${uid}/app/0.log.20240503-142207.gz`,
    { namespace: 'shop', pod: 'cart', podUid: uid, container: 'app', containerId: null },
  ],
  [
    `log/containers/cart-7d9f_shop_app-main-${id}.log`,
    { namespace: 'shop', pod: 'cart-7d9f', podUid: null, container: 'app-main', containerId: id },
  ],
  [`var/lib/docker/containers/${id}/${id}-json.log.1`, { namespace: null, pod: null, podUid: null, container: null, containerId: id }],
])('container of %s', (path, container) => {
  expect(placed('f', '/', [path]).get(`f/${path}`)?.container).toEqual(container)
})

test('containers named by a bundle’s own layout', () => {
  const dump = placed('d', '/', ['nodes.json', 'shop/pods.json', 'shop/cart-1/logs.txt']).get('d/shop/cart-1/logs.txt')
  expect(dump?.container).toMatchObject({ namespace: 'shop', pod: 'cart-1', container: null })
  const gathered = 'namespaces/shop/pods/cart-1/app/app/logs/previous.log'
  const place = placed('g', '/', [gathered, 'cluster-scoped-resources/core/x.yaml']).get(`g/${gathered}`)
  expect(place).toMatchObject({ role: 'container-log', container: { namespace: 'shop', pod: 'cart-1', container: 'app' }, generation: 1 })
})

const us = (...at: [number, number, number, number?, number?, number?]): number =>
  Date.UTC(at[0], at[1] - 1, at[2], at[3] ?? 0, at[4] ?? 0, at[5] ?? 0) * 1000
test.each([
  ['messages-20240101.gz', 'messages', null, us(2024, 1, 1)],
  ['kern.log-20240101.xz', 'kern.log', null, us(2024, 1, 1)],
  ['messages-20240101-1704067200', 'messages', null, us(2024, 1, 1)],
  ['kern-20240131.log', 'kern.log', null, us(2024, 1, 31)],
  ['kern.log.2.gz', 'kern.log', 2, null],
  ['syslog.1', 'syslog', 1, null],
  ['dmesg.0', 'dmesg', 1, null],
  ['kubelet-2024-01-31T12-00-00.000.log', 'kubelet.log', null, us(2024, 1, 31, 12)],
  ['0.log.20240503-142207.gz', '0.log', null, us(2024, 5, 3, 14, 22, 7)],
  ['dmesg.202401311200', 'dmesg', null, us(2024, 1, 31, 12)],
  ['system@0f3c6a2b8d7e4f5aa1b2c3d4e5f60718-00000000000004d2-000610d3c5b2a1f0.journal', 'system.journal', null, 0x610d3c5b2a1f0],
  ['system@000610d3c5b2a1f0-8c1d2e3f4a5b6c7d.journal~', 'system.journal', null, 0x610d3c5b2a1f0],
  ['app-previous.log', 'app.log', 1, null],
  ['0.log', '0.log', 0, null],
  ['node-12345678', 'node-12345678', 0, null],
  ['kern.log', 'kern.log', 0, null],
])('rotation %s', (name, family, number, dateUs) => {
  expect(rotationOf(`var/log/${name}`)).toEqual({ family: `var/log/${family}`, number, dateUs })
})

test('dated rotations count down from the newest', () => {
  const places = placed('h', '/', ['messages', 'messages-20240107', 'messages-20231231.gz', 'messages-20240101.gz'])
  expect([...places.values()].map((place) => place.generation)).toEqual([0, 1, 3, 2])
})
