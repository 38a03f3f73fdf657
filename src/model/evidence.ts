import type { ClockAnchor, Event } from './event.ts'
import type { SetAside, Sighting } from './sighting.ts'
import type { Snapshot } from './snapshot.ts'
import type { Warning } from './warning.ts'

/** What was read from one source (a file, a member, a document). Plain data: workers hand it over, `timeline/` joins it. */
export interface SourceEvidence {
  readonly source: SourceFacts
  readonly events: readonly Event[]
  readonly anchors: readonly ClockAnchor[]
  readonly snapshots: readonly Snapshot[]
  readonly warnings: readonly Warning[]
  /** Every place at which words prove a death, whether or not a reader made something of it. */
  readonly sightings?: readonly Sighting[]
  readonly setAside?: readonly SetAside[]
}

export interface SourceFacts {
  /** As in `Origin.source`. */
  readonly name: string
  /** Path inside the bundle, `/`-separated. */
  readonly path: string
  /** Id of the format that decoded most lines (`syslog-rfc3164`, `journal-json`, `describe-pod`), `unknown` otherwise. */
  readonly format: string
  readonly lines: number
  readonly bytes: number
  readonly modifiedMs: number | null
  /** First and last stamped record: the span that this source covers. */
  readonly first: import('./stamp.ts').Moment | null
  readonly last: import('./stamp.ts').Moment | null
  /** Host that the source's lines or its place in the bundle name. */
  readonly host: string | null
  readonly bootId: string | null
  /** Whether the source holds kernel messages (so that "no OOM here" may be said of its span). */
  readonly hasKernel: boolean
  /** Set by `input/layouts`: the host directory, the zone, the rotation family and the place in it. */
  readonly place: SourcePlace
}

/** What a bundle's layout knows of a member from its path alone. */
export interface SourcePlace {
  /** Layout id (`sos`, `must-gather`, `plain` …). */
  readonly layout: string
  /** Top of the bundle this member belongs to: sources with the same bundle share clock and host facts. */
  readonly bundle: string
  /** Node or host named by the path, or `null`. */
  readonly host: string | null
  /** Corner of the bundle that is one machine's (`case-2/`), where its layout tells machines apart; `null` for the bundle as a whole. */
  readonly corner: string | null
  /** A collector that runs on one machine made the whole bundle: what names no host is that machine's. */
  readonly lone?: true
  /** Its name says that it ended with its boot, before the machine was looked at: a crash's log, `--boot -1`. */
  readonly earlierBoot?: true
  /** `kernel`, `kubelet`, `journal`, `runtime`, `pods` …, or `null`: only a hint. */
  readonly role: string | null
  /** `messages` for `messages-20240101.gz`: one logical log. */
  readonly family: string
  /** 0 for the live file, higher for older rotations; date suffixes count down from the newest. */
  readonly generation: number
  /** A date the name carries (rotation date, kdump directory), as local µs (see WallStamp.localUs), or `null`. */
  readonly nameDateUs: number | null
  /** Container named by the path of a container log. */
  readonly container: import('./event.ts').ContainerRef | null
}
