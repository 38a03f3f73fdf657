import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/index.ts'
import type { ReportIncident } from '../../src/model/report.ts'

const sample = (name: string): string => fileURLToPath(new URL(`../../samples/kernel/${name}`, import.meta.url))

async function incidentOf(name: string): Promise<ReportIncident> {
  const { incidents } = (await analyze([sample(name)])).report
  expect(incidents).toHaveLength(1)
  return incidents[0] as ReportIncident
}

describe('reports whose shape misleads', () => {
  it("reads late RHEL5's kill line with a full stop behind the name, and its split of the lists", async () => {
    const { kills, diagnosis } = await incidentOf('rhel5-uid-full-stop.txt')
    expect(kills.map(({ victim }) => [victim.pid, victim.comm, victim.uid])).toEqual([[13478, 'httpd', 48]])
    expect(diagnosis.consumer.id).not.toBe('unaccounted')
  })

  it('blames what filled the low memory of a 32-bit kernel, not what is above it', async () => {
    const { diagnosis, rootCause, headline, recommendations } = await incidentOf('3.13-i386-low-memory.txt')
    expect([diagnosis.limit.id, diagnosis.consumer.id, rootCause.id]).toEqual(['memory-zone', 'kernel-slab', 'zone-or-numa-exhaustion'])
    expect(diagnosis.consumer.statement).toContain('of the 844 MiB that the request could use')
    expect(rootCause.statement).toContain('The request of apache2')
    expect(headline).not.toContain('%')
    expect(recommendations.some(({ text }) => text.includes('64-bit'))).toBe(true)
  })

  it('takes a memory policy from the header where no constraint is printed', async () => {
    const { diagnosis, kills } = await incidentOf('4.12-memory-policy.txt')
    expect(kills[0]?.constraint).toBeNull()
    expect(diagnosis.limit.id).toBe('memory-policy')
    expect(diagnosis.limit.statement).toContain('NUMA node 1')
    expect(diagnosis.consumer.statement).toContain('96 % of the 31.5 GiB that the request could use')
  })

  it('sees a dry DMA32 below gigabytes of free memory, and who asked', async () => {
    const { diagnosis, rootCause } = await incidentOf('5.3-dma32.txt')
    expect(diagnosis.limit.id).toBe('memory-zone')
    expect(rootCause.statement).toContain('The request of kworker/u16:3')
  })

  it('names the nodes of fragmented zones and no share of the memory in the headline', async () => {
    const { diagnosis, headline } = await incidentOf('rhel7-fragmented-two-nodes.txt')
    expect(diagnosis.limit.statement).toContain('Node 0 Normal, Node 1 Normal')
    expect(headline).toMatch(/although memory was free\.$/)
  })

  it('joins a summary and the kill line of another thread that follows at once', async () => {
    const { kills } = await incidentOf('thread-without-table.txt')
    expect(kills).toHaveLength(1)
    expect(kills[0]?.victim.memcg).toBe('/system.slice/es.service')
  })

  it('says how much free memory lies in CMA areas', async () => {
    const { diagnosis } = await incidentOf('6.1-arm-cma.txt')
    expect(diagnosis.limit.statement).toContain('227 MiB of it in CMA areas that this request may not use')
  })

  it('names the largest slab cache', async () => {
    const { rootCause } = await incidentOf('4.19-slab-table.txt')
    expect(rootCause.statement).toContain('nf_conntrack 1.15 GiB, kmalloc-64 303 MiB, which are entries of connection tracking')
  })

  it('names the balloon, and no processes for it', async () => {
    const { diagnosis, rootCause } = await incidentOf('7.0-balloon.txt')
    expect(diagnosis.consumer.id).toBe('unaccounted')
    expect(diagnosis.consumer.statement).toContain("the hypervisor's balloon had taken 6 GiB")
    expect(rootCause.id).toBe('unaccounted-memory')
  })

  it('lets the group line tell where the first victim lived', async () => {
    const { kills } = await incidentOf('oom-group-kill-lines-only.txt')
    expect(kills.map(({ victim }) => [victim.pid, victim.memcg])).toEqual(
      [811, 810, 812].map((pid) => [pid, '/system.slice/php-fpm.service']),
    )
  })

  it("reads the kill inside rsyslog's repeated message", async () => {
    const path = fileURLToPath(new URL('../../samples/syslog-rfc3164/message-repeated-name-of-victim.log', import.meta.url))
    const { incidents } = (await analyze([path])).report
    expect(incidents.flatMap(({ kills }) => kills.map(({ victim }) => victim.pid))).toEqual([500, 501])
  })
})
