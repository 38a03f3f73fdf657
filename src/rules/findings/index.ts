import type { Finding } from '../../model/finding.ts'
import type { Timeline } from '../../model/timeline.ts'
import type { Warning } from '../../model/warning.ts'
import { reasonOf, warning } from '../../warnings.ts'
import { admissionRefused } from './admission-refused.ts'
import { containerStatusUnknown } from './container-status-unknown.ts'
import { countedKills } from './counted-kills.ts'
import { doubtfulReport } from './doubtful-report.ts'
import { eventsLost } from './events-lost.ts'
import { evictedNotMemory } from './evicted-not-memory.ts'
import { evictedPods } from './evicted-pods.ts'
import { exit137NotOom } from './exit-137-not-oom.ts'
import { exit137OfRuntime } from './exit-137-of-runtime.ts'
import { falseSystemOom } from './false-system-oom.ts'
import { kernelNotices } from './kernel-notices.ts'
import { killedBySignal } from './killed-by-signal.ts'
import { linesByProgram } from './lines-by-program.ts'
import { logDoesNotCover } from './log-does-not-cover.ts'
import { oomkilledExitCode } from './oomkilled-exit-code.ts'
import { oomkilledMissing } from './oomkilled-missing.ts'
import { ownLimits } from './own-limits.ts'
import { ownReport } from './own-report.ts'
import { runtimeOomEvent } from './runtime-oom-event.ts'
import { type FindingRule, sceneOf } from './scene.ts'
import { seenNotUnderstood } from './seen-not-understood.ts'
import { shippedLines } from './shipped-lines.ts'
import { throttledByMemoryHigh } from './throttled-by-memory-high.ts'

/** What a reader would take for an OOM and isn't, or should know; the most misleading first. */
const findingRules: readonly FindingRule[] = [
  seenNotUnderstood,
  doubtfulReport,
  exit137NotOom,
  exit137OfRuntime,
  admissionRefused,
  evictedPods,
  evictedNotMemory,
  falseSystemOom,
  oomkilledExitCode,
  oomkilledMissing,
  containerStatusUnknown,
  countedKills,
  logDoesNotCover,
  runtimeOomEvent,
  linesByProgram,
  shippedLines,
  killedBySignal,
  eventsLost,
  throttledByMemoryHigh,
  ownLimits,
  kernelNotices,
  ownReport,
]

/** A node of a storm may repeat one thing hundreds of times: this many of each kind are said. */
const MOST_OF_A_KIND = 50

export function findFindings(timeline: Timeline): { readonly findings: readonly Finding[]; readonly warnings: readonly Warning[] } {
  const scene = sceneOf(timeline)
  const warnings: Warning[] = []
  const findings = findingRules.flatMap((rule) => {
    try {
      return rule(scene).slice(0, MOST_OF_A_KIND)
    } catch (error) {
      warnings.push(warning('internal-error', null, null, { rule: `findings/${rule.name}`, reason: reasonOf(error) }))
      return []
    }
  })
  return { findings, warnings }
}
