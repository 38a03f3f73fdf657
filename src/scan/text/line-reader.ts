import type { Line } from '../../formats/define-format.ts'
import type { InputSource } from '../../input/source.ts'
import { containerOfLogPath } from '../../kube/log-path.ts'
import type { SourceEvidence } from '../../model/evidence.ts'
import type { LogRecord } from '../../model/record.ts'
import { warning } from '../../warnings.ts'
import { openWitness } from '../../witness/index.ts'
import { type Collector, openCollector } from '../collector.ts'
import { LINE_BYTES, literalsOf } from '../line-choice.ts'
import { type Judge, openJudge } from '../search/judge.ts'
import { literalsOfLives } from '../search/literals-of-lives.ts'
import type { ScanTools } from '../tools.ts'
import { type Continuation, openContinuation } from './continuation.ts'
import { type FoundLiterals, openFoundLiterals } from './found-literals.ts'
import { openUnwrapper, type Unwrapper } from './unwrapper.ts'

/** What the fast and the slow reader of text share: everything but how lines are found. */
export interface LineReader {
  readonly continuation: Continuation
  readonly judge: Judge
  /** Tell it of each line before it is taken. */
  readonly found: FoundLiterals
  /** A taken line was longer than its limit and lost its end. */
  noteCut(line: Line): void
  evidence(lines: number, bytes: number): SourceEvidence
}

/** `head`: the first lines, from which the wrapping is detected. */
export function openLineReader(source: InputSource, tools: ScanTools, head: readonly string[]): LineReader {
  const collector: Collector = openCollector(source, tools)
  const found = openFoundLiterals()
  const context = {
    source: source.name,
    host: null,
    container: containerOfLogPath(source.path),
  }
  const emit = (record: LogRecord): void => collector.record(record, found.of(record))
  const unwrapper: Unwrapper = openUnwrapper(tools, context, head, emit, collector.sink.warn)
  const witness = openWitness(source.name)
  const continuation = openContinuation(unwrapper, collector)
  let firstCut: Line | null = null
  let cuts = 0
  return {
    continuation: {
      ...continuation,
      take(line, holdsLiteral, indented, earlier) {
        witness.see(line.text, line.number, line.offset)
        continuation.take(line, holdsLiteral, indented, earlier)
      },
    },
    judge: openJudge(literalsOf(tools.extractors), tools.reading?.again === true ? literalsOfLives(tools.extractors) : null),
    found,
    noteCut(line) {
      firstCut ??= line
      cuts += 1
    },
    evidence(lines, bytes) {
      unwrapper.flush()
      if (lines === 0) collector.sink.warn(warning('input-empty', source.name, null))
      if (firstCut !== null) {
        collector.sink.warn(warning('line-cut', source.name, firstCut.number, { lines: cuts, limit: LINE_BYTES }))
      }
      return { ...collector.evidence({ format: unwrapper.formatId(), lines, bytes }), sightings: witness.sightings() }
    },
  }
}
