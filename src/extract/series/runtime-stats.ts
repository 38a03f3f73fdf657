import type { UsageSubject } from '../../model/ids.ts'
import type { SeriesMetric, SeriesSubject } from '../../model/series.ts'
import { bytesOfSize } from '../../units/bytes.ts'
import { nobody } from './collect.ts'

/** A container's row of `docker stats`, `podman stats` or `crictl stats`. */
export interface Row {
  readonly key: string
  readonly of: UsageSubject
  readonly metric: SeriesMetric
  readonly subject: SeriesSubject
  readonly bytes: number
  readonly limitBytes: number | null
}

/** `CONTAINER ID   NAME   CPU %   MEM USAGE / LIMIT   MEM %   …` (docker, podman: `ID  NAME  CPU %  MEM USAGE / LIMIT`); `CONTAINER  NAME  CPU %  MEM  DISK  INODES` (crictl). */
const STATS_HEADER = /^(?:CONTAINER ID|CONTAINER|ID) {2,}(?:POD ID {2,})?(?:NAME {2,})?CPU %/
const DOCKER = /^(?<id>[0-9a-f]{12,64}) +(?<name>\S+) +[\d.]+% +(?<used>[\d.]+ ?[KMGT]?i?B) \/ (?<limit>[\d.]+ ?[KMGT]?i?B)\b/i
const CRICTL = /^(?<id>[0-9a-f]{12,64}) +(?:(?<name>\S+) +)?[\d.]+ +(?<used>[\d.]+[KMGT]?i?B)\b/i
/** Names that dockershim and cri-dockerd gave: `k8s_app_cart-0_shop_7b0f4a86-…_3`. */
const KUBERNETES = /^k8s_(?<container>[^_]+)_(?<pod>[^_]+)_(?<namespace>[^_]+)_(?<uid>[^_]+)_\d+$/

export const isContainerTable = (line: string): boolean => STATS_HEADER.test(line)

/** docker and crictl count what a group cannot give back at once: usage less inactive files (docker CLI `calculateMemUsageUnixNoCache`; CRI's working set). */
export function containerTable(header: string): (line: string) => Row | null {
  const shape = header.includes('MEM USAGE') ? DOCKER : CRICTL
  return (line) => {
    const found = shape.exec(line)?.groups
    // podman's sizes are decimal and say so (`kB`, `MB`)
    const bytes = found === undefined ? null : bytesOfSize(found['used'] ?? '', 'decimal')
    if (found === undefined || bytes === null) return null
    const names = KUBERNETES.exec(found['name'] ?? '')?.groups
    const subject: SeriesSubject = {
      ...nobody,
      containerId: found['id'] ?? null,
      container: names?.['container'] ?? (shape === CRICTL ? (found['name'] ?? null) : null),
      pod: names?.['pod'] ?? null,
      namespace: names?.['namespace'] ?? null,
      podUid: names?.['uid'] ?? null,
      comm: names === undefined && shape === DOCKER ? (found['name'] ?? null) : null,
    }
    const limitBytes = found['limit'] === undefined ? null : bytesOfSize(found['limit'], 'decimal')
    return { key: found['id'] ?? '', of: 'container', metric: 'working-set', subject, bytes, limitBytes }
  }
}
