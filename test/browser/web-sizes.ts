import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, gzipSync } from 'node:zlib'
import { zipOf } from '../input/zip-of.ts'
import { sample } from './web-page.ts'

const MiB = 1024 ** 2
export const LOG_MIB = 300
/** Bytes that the process of a page may hold, shared ones by their part. */
export const MOST_PSS = 400 * MiB

/** An ordinary node's log with one death at its end. */
export function largeLog(folder: string): string {
  const path = join(folder, 'kern.log')
  const line = (n: number): string =>
    `Nov 24 0${n % 10}:1${n % 6}:0${n % 10} node-7 systemd[1]: Started Session ${n} of user backup, nothing of note in it.\n`
  const block = Array.from({ length: 11_000 }, (_, n) => line(n))
    .join('')
    .slice(0, MiB - 1)
  const fd = openSync(path, 'w')
  for (let n = 0; n < LOG_MIB; n += 1) writeSync(fd, `${block}\n`)
  writeSync(fd, readFileSync(sample('syslog-rfc3164/container-limit.log')))
  closeSync(fd)
  return path
}

/** The same in a zip, which is read from its end, in a stream: it has to be laid down. */
export function largeNested(folder: string): string {
  const path = join(folder, 'logs.zip.gz')
  const data = readFileSync(largeLog(folder))
  writeFileSync(path, gzipSync(zipOf([{ name: 'kern.log', data, method: 0, size: data.length, crc: crc32(data) }]), { level: 1 }))
  return path
}

/** Proportional set size of a process in bytes; 0 when it is gone. */
export function pssOf(pid: number): number {
  try {
    return 1024 * Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0)
  } catch {
    return 0
  }
}
