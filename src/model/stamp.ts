/**
 * A wall-clock time as a log printed it. Formats make it; only `timeline/` turns what is incomplete into an instant.
 * All instants are microseconds since the Unix epoch (safe in a double until 2255).
 */
export interface WallStamp {
  /** As printed, for the report's `localTime`: `Nov 24 02:03:34`. */
  readonly text: string
  /** The instant, when year and zone were printed (or the stamp is epoch-based); else `null`. */
  readonly epochUs: number | null
  /**
   * The printed fields as if they were UTC, in µs since the epoch; year 1972 (a leap year) stands in where none was printed.
   * Subtract the zone's offset to get an instant. `null` when the stamp was printed as an epoch.
   */
  readonly localUs: number | null
  readonly hasYear: boolean
  /** Minutes east of UTC as printed (`+05:30` → 330), or `null`. */
  readonly offsetMinutes: number | null
  /** A printed zone name (`EST`, `IST`), or `null`. Names are ambiguous: never an offset by themselves, but UTC/GMT/Z are 0. */
  readonly zoneName: string | null
  /** Resolution of the print in µs: 1 for µs, 1_000 for ms, 1_000_000 for s, 60_000_000 for minutes. */
  readonly precisionUs: number
  /**
   * Which clock wrote it. `emitted`: the program that speaks. `received`: the logger, when it read the line (late by
   * 0.01–9 s in an OOM). `boot-derived`: boot time + uptime computed when the log was printed (`dmesg -T`, iso): drifts.
   */
  readonly clock: 'emitted' | 'received' | 'boot-derived'
}

/** When something happened, as far as its own line tells. */
export interface Moment {
  readonly wall: WallStamp | null
  /** A second wall stamp when a wrapping inside another carried one (klog in syslog); the inner, more precise one is `wall`. */
  readonly outerWall: WallStamp | null
  /** The kernel's own clock: µs since boot (CLOCK_MONOTONIC-like, stops in suspend), or `null`. */
  readonly uptimeUs: number | null
}
