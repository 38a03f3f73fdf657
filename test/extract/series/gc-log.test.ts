import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { gather } from '../../../src/gather.ts'
import type { SeriesSnapshot } from '../../../src/model/series.ts'
import { nodeHost } from '../../../src/node/host.ts'

/** hotspot, gcCause.cpp of JDK 8: what it prints between the parentheses. */
const causesOf8 = [
  'System.gc()',
  'FullGCAlot',
  'ScavengeAlot',
  'JvmtiEnv ForceGarbageCollection',
  'GCLocker Initiated GC',
  'Heap Inspection Initiated GC',
  'Heap Dump Initiated GC',
  'WhiteBox Initiated Young GC',
  'No GC',
  'Allocation Failure',
  'Tenured Generation Full',
  'Metadata GC Threshold',
  'Permanent Generation Full',
  'CMS Initial Mark',
  'CMS Final Remark',
  'Old Generation Expanded On Last Scavenge',
  'Old Generation Too Full To Scavenge',
  'Ergonomics',
  'G1 Evacuation Pause',
  'G1 Humongous Allocation',
  'Last ditch collection',
  'Diagnostic Command',
]
const lines = [
  ...causesOf8.map((cause) => `12.345: [GC (${cause})  491520K->481280K(524288K), 0.0123 secs]`),
  '12.345: [Full GC (Ergonomics)  491520K->481280K(524288K), 0.1234 secs]',
  '12.345: [Full GC (System.gc())  491520K->481280K(524288K), 0.1234 secs]',
  ...[
    'Pause Young (Normal) (G1 Evacuation Pause)',
    'Pause Young (Concurrent Start) (Metadata GC Threshold)',
    'Pause Full (System.gc())',
    'Pause Mixed',
  ].map((what) => `[12.345s][info][gc] GC(12) ${what} 480M->470M(512M) 3.456ms`),
  '[12.345s][info][gc] GC(3) Garbage Collection (Proactive) 480M(94%)->470M(92%)',
]

// Far behind the first lines, which are read whatever they hold.
const before = 'an ordinary line of an application that tells nothing of memory\n'.repeat(4000)

test.each(lines)('far below the head: %s', async (line) => {
  const stdin = Readable.from([Buffer.from(`${before}${line}\n${before}`)])
  const { evidence } = await gather(['-'], { host: nodeHost(), stdin, inputFormat: null })
  const series = evidence.flatMap(({ snapshots }) => snapshots.filter((s): s is SeriesSnapshot => s.kind === 'series'))
  expect(series.flatMap(({ us, bytes }) => us.map((at, index) => [at, bytes[index]]))).toEqual([
    [12_345_000, line.includes('K->') ? 481280 * 1024 : 470 * 2 ** 20],
  ])
})
