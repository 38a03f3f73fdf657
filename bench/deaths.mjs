// Writes logs of many deaths and measures them at ten thousand and at a hundred thousand. Alone: node bench/deaths.mjs [--kills=100000] [--only=lone,pairs,reports]
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { measure } from './measure.mjs'
import { killReports } from './variants.mjs'

const names = ['java', 'node', 'python3', 'postgres', 'nginx', 'redis-server', 'worker', 'php-fpm', 'ruby', 'chrome', 'mysqld']
const FIRST_MS = Date.UTC(2026, 10, 20)

const front = (k) => {
  const stamp = new Date(FIRST_MS + k * 2000).toISOString().replace('Z', '+00:00')
  return `${stamp} node-${k % 3} kernel: [${(5000 + k * 2 + (k % 7) * 0.123457).toFixed(6)}] `
}
const pidOf = (k) => 10_000 + ((k * 7) % 4_000_000)

const killLine = (k) => {
  const kb = 100_000 + ((k * 37) % 900_000)
  return `${front(k)}Memory cgroup out of memory: Killed process ${pidOf(k)} (${names[k % 11]}) total-vm:${kb * 2}kB, anon-rss:${kb}kB, file-rss:${k % 500}kB, shmem-rss:0kB, UID:1000 pgtables:${kb >> 9}kB oom_score_adj:${k % 2 ? 0 : 985}\n`
}

/** Fifty pods, each death in a container of its own. */
function summaryLine(k) {
  const pod = k % 50
  const uid = `${((pod * 2_654_435_761) >>> 0).toString(16).padStart(8, '0')}_1111_4222_8333_${String(pod).padStart(12, '0')}`
  const id = ((BigInt(k + 1) * 0x9e3779b97f4a7c15n) & 0xffff_ffff_ffff_ffffn).toString(16).padStart(16, '0').repeat(4)
  const slice = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${uid}.slice`
  return `${front(k)}oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=cri-containerd-${id}.scope,mems_allowed=0,oom_memcg=${slice},task_memcg=${slice}/cri-containerd-${id}.scope,task=${names[k % 11]},pid=${pidOf(k)},uid=1000\n`
}

/** Text of the k-th death, by kind. */
const kinds = {
  lone: () => killLine,
  pairs: () => (k) => summaryLine(k) + killLine(k),
  reports: () => {
    const reportOf = killReports()
    return (k) => `${reportOf(k).join('\n')}\n`
  },
}

const titles = { lone: 'lone kill lines', pairs: 'summary and kill line', reports: 'whole reports of one group' }

/** Rows of each kind at a tenth and at all of `kills`. */
export function benchDeaths({ kills = 100_000, only = Object.keys(kinds), print }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'oom-report-deaths-'))
  const file = path.join(folder, 'deaths.log')
  try {
    for (const kind of only) {
      const cpu = [kills / 10, kills].map((count) => {
        write(file, count, kinds[kind]())
        return measure(folder, print, `${count} deaths, ${titles[kind]}`, [file], count === kills ? '≤ 400 MiB' : '')
      })
      print([`${titles[kind]}: tenfold, processor time`, `× ${(cpu[1] / cpu[0]).toFixed(1)}`, '≤ 11', '', '', ''])
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function write(file, count, textOf) {
  const to = openSync(file, 'w')
  for (let k = 0; k < count; k += 1000)
    writeSync(to, Array.from({ length: Math.min(1000, count - k) }, (_, more) => textOf(k + more)).join(''))
  closeSync(to)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const asked = (name) => process.argv.find((text) => text.startsWith(`--${name}=`))?.split('=')[1]
  const print = (cells) => process.stdout.write(`| ${cells.join(' | ')} |\n`)
  benchDeaths({ kills: Number(asked('kills') ?? 100_000), only: asked('only')?.split(','), print })
}
