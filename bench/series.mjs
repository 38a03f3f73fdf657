// Memory over time in bulk: a Prometheus answer of any size, and a month of sar. Prints time, processor seconds and peak memory: `node bench/series.mjs [--mib=1024]`.
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measure } from './measure.mjs'

const END = Date.UTC(2026, 10, 24, 12) / 1000

/** Series of 11,000 samples each, as many as fill `size` MiB; one of them is of the pod that was killed. */
function prometheus(path, size) {
  const file = openSync(path, 'w')
  writeSync(file, '{"status":"success","data":{"resultType":"matrix","result":[')
  let bytes = 0
  for (let n = 0; bytes < size * 2 ** 20; n += 1) {
    const values = Array.from(
      { length: 11_000 },
      (_, i) => `[${END - 30 * (11_000 - i)},"${100_000_000 + n * 4096 + i * (n === 0 ? 36_000 : 10)}"]`,
    )
    const pod = n === 0 ? 'db-0' : `pod-${n}`
    const text = `${n === 0 ? '' : ','}{"metric":{"__name__":"container_memory_working_set_bytes","namespace":"shop","pod":"${pod}","container":"app"},"values":[${values.join(',')}]}`
    writeSync(file, text)
    bytes += text.length
  }
  writeSync(file, ']}}')
  closeSync(file)
}

/** Thirty days of `sar -A`-like text, a row every ten minutes under many tables. */
function sar(path) {
  const days = Array.from({ length: 30 }, (_, day) => {
    const stamp = (n) => `${String(Math.floor(n / 6)).padStart(2, '0')}:${(n % 6) * 10 || '00'}:01`
    const rows = Array.from({ length: 144 }, (_, n) => `${stamp(n)}    ${9_000_000 - day * 1000}   ${20_000_000 - n * 100}   5000000`)
    const cpu = Array.from(
      { length: 144 * 65 },
      (_, n) => `${stamp(Math.floor(n / 65))}      ${n % 65}      1.00      0.00      0.50      0.00      0.00     98.50`,
    )
    return `Linux 6.1.0 (node-17) \t11/${String(day + 1).padStart(2, '0')}/2026 \t_x86_64_\t(64 CPU)\n\n00:00:01        CPU     %user     %nice   %system   %iowait    %steal     %idle\n${cpu.join('\n')}\n\n00:00:01    kbmemfree   kbavail kbmemused\n${rows.join('\n')}\n`
  })
  writeFileSync(path, days.join('\n'))
}

export function benchSeries({ mib, print }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-series-'))
  try {
    const kill = join(folder, 'pod.json')
    writeFileSync(kill, JSON.stringify(killed))
    for (const size of [mib / 16, mib]) {
      const path = join(folder, `range-${size}.json`)
      prometheus(path, size)
      measure(folder, print, `peak memory, ${size} MiB of Prometheus JSON`, [kill, path], '≤ 200 MiB')
      rmSync(path)
    }
    sar(join(folder, 'sar.txt'))
    measure(folder, print, 'peak memory, a month of sar (64 processors)', [kill, join(folder, 'sar.txt')], '≤ 200 MiB')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const terminated = { exitCode: 137, reason: 'OOMKilled', finishedAt: new Date(END * 1000).toISOString().replace('.000Z', 'Z') }
const killed = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'db-0', namespace: 'shop', uid: 'u' },
  spec: { nodeName: 'node-17', containers: [{ name: 'app', resources: { limits: { memory: '512Mi' } } }] },
  status: { containerStatuses: [{ name: 'app', restartCount: 1, lastState: { terminated } }] },
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  benchSeries({
    mib: Number(process.argv.find((arg) => arg.startsWith('--mib='))?.slice(6) ?? 1024),
    print: (cells) => console.log(`| ${cells.join(' | ')} |`),
  })
