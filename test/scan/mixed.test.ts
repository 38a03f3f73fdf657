import { describe, expect, it } from 'vitest'
import { dmesg, evidenceOf, killLines } from '../evidence.ts'

describe('a document with log lines inside is read as both', () => {
  it('supportconfig: memory figures and the kernel log of one file', async () => {
    const text = `#==[ Command ]======================================#
# /bin/cat /proc/meminfo
MemTotal:         995336 kB
MemFree:          882276 kB
SwapTotal:             0 kB

#==[ Command ]======================================#
# /bin/dmesg
${dmesg(killLines(41.5, 292))}
#==[ Command ]======================================#
# /usr/bin/free -k
               total        used        free      shared  buff/cache   available
Mem:          995336      100000      882276         236       52436      838876
`
    const [evidence] = await evidenceOf({ 'memory.txt': text })
    expect(evidence?.snapshots.some((s) => s.kind === 'meminfo' && s.values['MemTotal']?.value === 995336 * 1024)).toBe(true)
    const kills = evidence?.events.flatMap((e) => (e.kind === 'kernel-oom' ? e.dump.kills.map((k) => k.pid) : []))
    expect(kills).toEqual([292])
  })

  it('a plain manifest is not read as a log', async () => {
    const pod = JSON.stringify(
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'a', namespace: 'b' },
        status: { message: 'Memory cgroup out of memory: Killed process 1 (x) total-vm:1kB, anon-rss:1kB, file-rss:0kB, shmem-rss:0kB' },
      },
      null,
      1,
    )
    const [evidence] = await evidenceOf({ 'pod.json': pod })
    expect(evidence?.events.filter((e) => e.kind === 'kernel-oom')).toEqual([])
  })
})
