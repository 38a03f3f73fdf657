import { scanTools } from '../src/gather.ts'
import { placeSources } from '../src/input/index.ts'
import type { SourceEvidence } from '../src/model/evidence.ts'
import { scanSource } from '../src/scan/index.ts'

/** Reads texts as if they were the files of one bundle. */
export async function evidenceOf(
  files: Readonly<Record<string, string | Uint8Array>>,
  modifiedMs: number | null = null,
): Promise<SourceEvidence[]> {
  const evidence: SourceEvidence[] = []
  for (const [name, content] of Object.entries(files)) {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    const source = {
      name: `bundle/${name}`,
      path: name,
      bundle: 'bundle',
      modifiedMs,
      size: bytes.length,
      file: null,
      codec: null,
      async *chunks() {
        yield bytes
      },
    }
    evidence.push(...(await scanSource(source, scanTools(null))))
  }
  const places = placeSources(evidence.map(({ source }) => ({ name: source.name, path: source.path, bundle: 'bundle', modifiedMs })))
  return evidence.map((e) => ({
    ...e,
    source: { ...e.source, place: places.get(e.source.name) ?? { ...e.source.place, bundle: 'bundle' } },
  }))
}

/** The lines of one container-limit kill as the kernel (6.1) wrote them, without prefix; uptimes in seconds beside them. Pid and figures are given. */
export function killLines(
  at: number,
  pid: number,
  comm = 'worker',
  anonKb = 40_580,
  memcg = '/kubepods/burstable/pod5931aa75-4603-4e65-b552-7c71cf55cfb5/7bed964c242db9d4c0f091fd6a4278d4b7674e986df8d06b07a300fa15c0782a',
): readonly { readonly at: number; readonly text: string }[] {
  const rss = Math.round(anonKb / 4) + 209
  const lines = [
    `${comm} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0`,
    `CPU: 1 PID: ${pid} Comm: ${comm} Not tainted 6.1.0-50-cloud-amd64 #1  Debian 6.1.176-1`,
    'memory: usage 40960kB, limit 40960kB, failcnt 40',
    `Memory cgroup stats for ${memcg}:`,
    `anon ${anonKb * 1024}`,
    'file 0',
    'kernel 139264',
    'Tasks state (memory values in pages):',
    '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
    `[${String(pid).padStart(7)}]     0 ${String(pid).padStart(5)}    10536 ${String(rss).padStart(8)}   118784        0             0 ${comm}`,
    `oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,oom_memcg=${memcg},task_memcg=${memcg},task=${comm},pid=${pid},uid=0`,
    `Memory cgroup out of memory: Killed process ${pid} (${comm}) total-vm:42144kB, anon-rss:${anonKb}kB, file-rss:836kB, shmem-rss:0kB, UID:0 pgtables:116kB oom_score_adj:0`,
  ]
  return lines.map((text, i) => ({ at: at + i / 1000, text }))
}

/** `dmesg`'s own prefix. */
export const dmesg = (lines: readonly { readonly at: number; readonly text: string }[]): string =>
  lines.map((l) => `[${l.at.toFixed(6).padStart(12)}] ${l.text}\n`).join('')
