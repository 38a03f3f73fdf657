import { describe, expect, it } from 'vitest'
import { buildTimeline } from '../../src/timeline/index.ts'
import { dmesg, evidenceOf, killLines } from '../evidence.ts'

const plain = { timezone: null, year: null, zoneOffset: null }
const guest = killLines(12_600, 977, 'postgres', 40_580, '/system.slice/postgresql.service')
const kills = async (files: Record<string, string>) =>
  buildTimeline(await evidenceOf(files), plain)
    .incidents.flatMap((i) => i.kills)
    .map((k) => [k.pid, k.host, k.at.epochUs === null ? null : new Date(k.at.epochUs / 1000).toISOString().slice(0, 16)])

/** KubeVirt prints a virtual machine's serial console through a container of its pod. */
describe('a virtual machine’s console', () => {
  const node = { 'etc/hostname': 'worker-3\n', 'proc/uptime': '90000.00 1.00\n', date: 'Fri Nov 20 12:00:00 UTC 2026\n' }
  const cri = guest.map(
    ({ at, text }) =>
      `2026-11-20T11:30:00.${String(Math.round((at - 12_600) * 1e3)).padStart(3, '0')}000000Z stdout F [${at.toFixed(6).padStart(13)}] ${text}\n`,
  )

  it('is another machine’s kernel log than its node’s, with the stamps of the runtime', async () => {
    const path = 'var/log/pods/vms_virt-launcher-db-vm-x7k2p_0a1b2c3d-0000-4000-8000-000000000001'
    expect(await kills({ ...node, [`${path}/guest-console-log/0.log`]: cri.join('') })).toEqual([[977, 'db-vm', '2026-11-20T11:30']])
    // Its neighbour in the pod speaks for nobody but itself.
    expect(await kills({ ...node, [`${path}/compute/0.log`]: cri.join('') })).toEqual([])
  })

  it('is not dated by the clocks of its node', async () => {
    const log = 'namespaces/vms/pods/virt-launcher-db-vm-x7k2p/guest-console-log/guest-console-log/logs/current.log'
    const files = {
      ...node,
      version: 'x\n',
      'event-filter.html': '<html></html>\n',
      'cluster-scoped-resources/core/nodes/worker-3.yaml': 'kind: Node\n',
    }
    expect(await kills({ ...files, [log]: dmesg(guest) })).toEqual([[977, 'db-vm', null]])
  })
})
