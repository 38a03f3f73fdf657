import { identifyCgroup } from '../../kube/cgroup-path.ts'
import type { UsageSubject } from '../../model/ids.ts'
import type { Quote } from '../../model/origin.ts'
import type { SeriesMetric, SeriesSnapshot, SeriesSubject } from '../../model/series.ts'
import { ThinnedSeries } from '../../series/thin.ts'
import { copyOf } from '../../text/copy.ts'

export interface SeriesHead {
  readonly of: UsageSubject
  readonly metric: SeriesMetric
  readonly name: string
  readonly subject: SeriesSubject
  readonly clock: SeriesSnapshot['clock']
}

/** A subject that nothing is known of yet. */
export const nobody: SeriesSubject = {
  cluster: null,
  host: null,
  namespace: null,
  pod: null,
  podUid: null,
  container: null,
  containerId: null,
  cgroup: null,
  unit: null,
  pid: null,
  comm: null,
}

/** Whose a cgroup is, by its path. */
export function cgroupSubject(path: string): Pick<SeriesHead, 'of' | 'subject'> {
  const { level, podUid, containerId, unit } = identifyCgroup(path)
  const of = containerId !== null ? 'container' : podUid !== null ? 'pod' : path === '/' ? 'node' : 'unit'
  return { of, subject: { ...nobody, podUid, containerId, unit: level === 'unit' ? unit : null, cgroup: path } }
}

/** A node has some hundred containers, a cluster's export a few ten thousand series; each keeps this many samples at most. */
const MOST_SERIES = 20_000
const MOST_SAMPLES = 1024
/** Samples of all series of a source, and of each of very many. */
const MOST_TOGETHER = 1_000_000
const LEAST_SAMPLES = 128

/** After so many samples quotes are made the series' own. */
const OWN_EVERY = 65_536

const detached = (quote: Quote): Quote => ({ ...quote, text: copyOf(quote.text) })

interface Open {
  readonly head: SeriesHead
  readonly samples: ThinnedSeries
  readonly first: Quote
  last: () => Quote
}

/** Series in the making, by whatever tells them apart in their source; bounded in samples each and in number. */
export class SeriesCollection {
  readonly #source: string
  readonly #open = new Map<string, Open>()
  #touched = new Set<Open>()
  #room = MOST_SAMPLES
  #since = 0
  /** Samples of series that came when there was no room for more. */
  refused = 0

  constructor(source: string) {
    this.#source = source
  }

  /** One sample. `quote` is asked for the first and the last one only. */
  add(key: string, head: () => SeriesHead, us: number, bytes: number, quote: () => Quote): void {
    let series = this.#open.get(key)
    if (series === undefined) {
      if (this.#open.size >= MOST_SERIES) {
        this.refused += 1
        return
      }
      this.#makeRoom()
      series = { head: head(), samples: new ThinnedSeries(this.#room), first: detached(quote()), last: quote }
      this.#open.set(copyOf(key), series)
    }
    series.samples.add(us, bytes)
    series.last = quote
    this.#touched.add(series)
    this.#since += 1
    if (this.#since >= OWN_EVERY) this.#own()
  }

  /** What is kept of all series together is bounded, too: with many each has half the room, and so on. */
  #makeRoom(): void {
    if (this.#room <= LEAST_SAMPLES || (this.#open.size + 1) * this.#room <= MOST_TOGETHER) return
    this.#room /= 2
    for (const { samples } of this.#open.values()) samples.narrow(this.#room)
  }

  /** Lets go of the pieces of input that last quotes are part of. */
  #own(): void {
    for (const series of this.#touched) {
      const quote = detached(series.last())
      series.last = () => quote
    }
    this.#touched.clear()
    this.#since = 0
  }

  /** What was collected; it is let go of on the way. */
  snapshots(): SeriesSnapshot[] {
    const made: SeriesSnapshot[] = []
    for (const [key, { head, samples, first, last }] of this.#open) {
      this.#open.delete(key)
      const { us, bytes } = samples.points()
      const end = last()
      made.push({
        kind: 'series',
        source: this.#source,
        ...head,
        us: [...us],
        bytes: [...bytes],
        count: samples.count,
        bucketUs: samples.bucketUs,
        quotes: first.line === end.line && first.offset === end.offset ? [first] : [first, end],
      })
    }
    return made
  }
}
