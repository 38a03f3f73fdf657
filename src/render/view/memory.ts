import type { ReportMemory } from '../../model/report.ts'
import { bytesText, percentText } from '../../text/values.ts'
import { visible } from '../../text/visible.ts'
import { type Block, bytesOf, codeOf, countOf, dash, join, type Rich, shareOf, words } from './rich.ts'

export interface MemoryView {
  /** `memory of the memcg`, or of the machine. */
  readonly title: string
  readonly total: Rich
  readonly totalName: Rich
  /** The message of the chart in one sentence. */
  readonly message: Rich
  readonly rows: readonly {
    readonly id: string
    readonly name: Rich
    readonly kernelName: Rich
    readonly bytes: Rich
    readonly share: Rich
  }[]
  readonly sum: Rich
  readonly sumShare: Rich
  readonly bars: Block
  /** One sentence, or `null` where the log says nothing of swap. */
  readonly swap: Rich | null
  readonly zones: readonly {
    readonly name: Rich
    readonly free: Rich
    readonly min: Rich
    readonly low: Rich
    readonly high: Rich
    readonly managed: Rich
    readonly state: Rich
  }[]
  readonly slabs: readonly { readonly name: Rich; readonly bytes: Rich }[]
  readonly allocations: readonly { readonly site: Rich; readonly bytes: Rich; readonly calls: Rich }[]
}

const titles: Readonly<Record<ReportMemory['scope'], string>> = {
  memcg: 'What the limit was filled with',
  machine: 'What the machine’s memory was filled with',
  part: 'What the memory that the request could use was filled with',
}

export function memoryView(memory: ReportMemory, ascii: boolean): MemoryView {
  const sum = memory.classes.reduce((total, { bytes }) => total + bytes, 0)
  return {
    title: titles[memory.scope],
    total: bytesOf(memory.totalBytes),
    totalName: codeOf(memory.totalName),
    message: messageOf(memory),
    rows: memory.classes.map(({ id, name, kernelName, bytes, share }) => ({
      id,
      name: words(name),
      kernelName: kernelName === '' || kernelName === name ? dash : codeOf(kernelName),
      bytes: bytesOf(bytes),
      share: shareOf(share),
    })),
    sum: bytesOf(sum),
    sumShare: shareOf(memory.totalBytes > 0 ? sum / memory.totalBytes : null),
    bars: { block: barsOf(memory, ascii), language: 'text' },
    swap: swapOf(memory.swap),
    zones: memory.zones.map((zone) => ({
      name: words(zone.node === null ? zone.name : `node ${zone.node} ${zone.name}`),
      free: bytesOf(zone.freeBytes),
      min: bytesOf(zone.minBytes),
      low: bytesOf(zone.lowBytes),
      high: bytesOf(zone.highBytes),
      managed: bytesOf(zone.managedBytes),
      state: zone.exhausted === null ? dash : words(zone.exhausted ? 'exhausted' : 'could serve'),
    })),
    slabs: memory.slabs.map(({ name, bytes }) => ({ name: codeOf(name), bytes: bytesOf(bytes) })),
    allocations: memory.allocations.map(({ site, bytes, calls }) => ({ site: codeOf(site), bytes: bytesOf(bytes), calls: countOf(calls) })),
  }
}

function swapOf(swap: ReportMemory['swap']): Rich | null {
  if (swap === null) return null
  if (swap.totalBytes === 0) return words('Swap: none.')
  const parts = [
    ...(swap.totalBytes === null ? [] : [join(bytesOf(swap.totalBytes), ' in all')]),
    ...(swap.usedBytes === null ? [] : [join(bytesOf(swap.usedBytes), ' used')]),
    ...(swap.freeBytes === null ? [] : [join(bytesOf(swap.freeBytes), ' free')]),
  ]
  return parts.length === 0 ? null : join('Swap: ', ...parts.flatMap((part, i) => (i === 0 ? [part] : [', ', part])), '.')
}

/** What holds the most; free memory fills nothing. */
export const largestClass = (memory: ReportMemory): ReportMemory['classes'][number] | undefined =>
  [...memory.classes].sort((a, b) => Number(a.id === 'free') - Number(b.id === 'free') || b.bytes - a.bytes)[0]

function messageOf(memory: ReportMemory): Rich {
  const largest = largestClass(memory)
  if (largest === undefined) return words(`limit ${bytesText(memory.totalBytes)}`)
  return join(bytesOf(largest.bytes), ' of ', bytesOf(memory.totalBytes), ` is ${largest.name} (${percentText(largest.share)})`)
}

const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const
const barWidth = 30

/** A class whose bar nobody would see. */
export const isSmall = (share: number): boolean => share < 0.01
export const smallOnes = (count: number): string | null =>
  count === 0 ? null : count === 1 ? '1 more, below 1 %' : `${count} more, each below 1 %`

/** What is held stands above a limit that was lowered: the bars are against that. */
export const isUsage = ({ totalName }: ReportMemory): boolean => totalName === 'memory.current' || totalName === 'memory.usage_in_bytes'

/** The Markdown twin of the chart: `anonymous memory  ████████▌  497 MiB  97 %`. Fixed width, so that columns stand; what is small stands in the table. */
function barsOf(memory: ReportMemory, ascii: boolean): string[] {
  const shown = memory.classes.filter(({ share }) => !isSmall(share))
  const most = Math.max(memory.totalBytes, ...shown.map(({ bytes }) => bytes), 1)
  const nameWidth = Math.max(5, ...shown.map(({ name }) => visible(name).length))
  const rest = smallOnes(memory.classes.length - shown.length)
  const rows = shown.map(({ name, bytes, share }) => {
    const bar = barText(Math.max(0, bytes) / most, ascii)
    return `${visible(name).padEnd(nameWidth)}  ${bar.padEnd(barWidth + 1)}  ${bytesText(bytes).padStart(9)}  ${percentText(share).padStart(7)}`
  })
  const limit = `${memory.scope !== 'memcg' ? 'total' : isUsage(memory) ? 'in use' : 'limit'}`.padEnd(nameWidth)
  return [...rows, ...(rest === null ? [] : [rest]), `${limit}  ${' '.repeat(barWidth + 1)}  ${bytesText(memory.totalBytes).padStart(9)}`]
}

function barText(share: number, ascii: boolean): string {
  const cells = Math.min(1, share) * barWidth
  if (ascii) return share > 0 ? '#'.repeat(Math.max(1, Math.round(cells))) : ''
  const whole = Math.floor(cells)
  const part = eighths[Math.floor((cells - whole) * 8)] ?? ''
  return share > 0 && whole === 0 && part === '' ? '▏' : '█'.repeat(whole) + part
}
