import type { Origin } from './origin.ts'
import type { Moment } from './stamp.ts'

/**
 * Who wrote the line, as its wrapping knows: a journal's `_TRANSPORT=kernel` with facility 0, `dmesg -x`'s `kern`, a kmsg
 * prefix with facility 0 → `kernel`; any other facility or transport, a tag with a pid, a klog header → `userspace`; a stream of CRI or
 * docker, a pod's or container's label → `container`, and `shipper` where that container is one that ships a node's logs; plain text
 * that cannot tell → `unknown`. A wrapping inside another is never more trusted than the one around it.
 */
export type Writer = 'kernel' | 'userspace' | 'container' | 'shipper' | 'unknown'

/**
 * One record of a log: what one program said at one time, freed of every wrapping. Formats make these, extractors read them.
 * A printk record of several lines (Mem-Info, memcg stats) is one record with `\n` in `message` where the wrapping shows
 * that it is one (dmesg and journalctl indent, JSON has `\n`, rsyslog `#012`, kmsg `\x0a`); where each line got a prefix
 * of its own (console, classic syslog) each is a record.
 */
export interface LogRecord {
  readonly origin: Origin
  /** The physical line(s) as they stand, joined by `\n` when the record spans several. */
  readonly raw: string
  /** Number of physical lines: line k of `message` stands at `origin.line + k` when this is more than 1, else at `origin.line`. */
  readonly lineCount: number
  /** Unwrapped and unescaped text. Starts at the text itself: no `[uptime]`, no priority, no identifier. */
  readonly message: string
  readonly moment: Moment
  readonly writer: Writer
  /** `kernel`, `kubelet`, `systemd`, `containerd`, `earlyoom` …: the syslog tag or journal identifier; `null` unknown. */
  readonly identifier: string | null
  readonly pid: number | null
  readonly host: string | null
  /** 32 hex digits without dashes, or `null`. */
  readonly bootId: string | null
  /** systemd unit, when the wrapping names it. */
  readonly unit: string | null
  /** syslog severity 0 (emerg) – 7 (debug), or `null`. */
  readonly severity: number | null
  /** printk caller, `T123` or `C0`, with CONFIG_PRINTK_CALLER; groups the lines of interleaved reports. */
  readonly caller: string | null
  /** Fields that some wrappings add and some extractors use (`_CMDLINE`, `_EXE`, `CONTAINER_ID_FULL`, klog keys …). */
  readonly fields: Readonly<Record<string, string>>
}

/** A whole file that is one thing: a manifest, a describe output, /proc/meminfo. `extract/` reads it into snapshots. */
export interface Document {
  readonly source: string
  readonly text: string
  /** Where the file was found inside its bundle, `/`-separated; the last component is its name. */
  readonly path: string
  /** Modification time of file or archive member in ms since the epoch, or `null`. */
  readonly modifiedMs: number | null
  /** Number of the first line of `text` in its source, when it is a part of a file (a section of a supportconfig); else 1. */
  readonly firstLine?: number
}
