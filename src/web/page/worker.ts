import type { PhrasedReport } from '../../model/report.ts'
import { OptionError } from '../../options.ts'
import { renderReport } from '../../render/render-report.ts'
import { plainPhrase } from '../../text/plain-phrase.ts'
import { analyzeGiven } from '../analyze.ts'
import type { GivenInput } from '../open.ts'
import { pageOf, reasonOf } from '../page-of.ts'
import type { Answer, Request } from '../protocol.ts'

// The page starts this file as a worker: reading at once, by place, is allowed here only.

/** What a dedicated worker has beside a page; the compiler's library knows either the one or the other. */
declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer }
interface OwnScope {
  postMessage(answer: Answer): void
  onmessage: ((event: MessageEvent<Request>) => void) | null
}
const own = globalThis as unknown as OwnScope

/** Progress is told no more often. */
const PAUSE_MS = 100

let report: PhrasedReport | null = null

own.onmessage = ({ data }) => {
  const work = data.kind === 'analyze' ? analyze(data) : write(data.format)
  work.then(
    (answer) => own.postMessage(answer),
    (error: unknown) => own.postMessage(failed(error)),
  )
}

async function analyze({ inputs, options }: Extract<Request, { kind: 'analyze' }>): Promise<Answer> {
  const progress = openProgress(inputs)
  const { report: analyzed, ...told } = await analyzeGiven(inputs, options, progress.read, {
    onSource: progress.source,
    onRead: () => own.postMessage({ kind: 'read' }),
  })
  report = analyzed
  const incidents = analyzed.incidents.map(({ id, verdict }) => ({ id, verdict: plainPhrase(verdict) }))
  return { kind: 'done', result: { ...(await pageOf(analyzed)), incidents, ...told } }
}

async function write(format: string): Promise<Answer> {
  if (report === null) throw new Error('there is no report yet')
  try {
    return { kind: 'written', format, text: await renderReport(report, format) }
  } catch (error) {
    return { kind: 'unwritten', format, message: reasonOf(error) }
  }
}

const failed = (error: unknown): Answer =>
  error instanceof OptionError
    ? { kind: 'refused', option: error.option, message: error.message }
    : { kind: 'failed', message: reasonOf(error) }

/** Reads for the analysis and tells how far it is. */
function openProgress(inputs: readonly GivenInput[]) {
  const files = inputs.flatMap((input) => (input.kind === 'file' ? [input.file] : input.files))
  const total = files.reduce((n, { blob }) => n + blob.size, 0)
  const reader = new FileReaderSync()
  let name = ''
  let done = 0
  let last = 0
  const tell = (): void => {
    const now = performance.now()
    if (now - last < PAUSE_MS) return
    last = now
    own.postMessage({ kind: 'progress', name, share: total === 0 ? 1 : Math.min(1, done / total) })
  }
  return {
    source(next: string): void {
      name = next
      tell()
    },
    read(blob: Blob, from: number, to: number): Uint8Array {
      done += to - from
      tell()
      try {
        return new Uint8Array(reader.readAsArrayBuffer(blob.slice(from, to)))
      } catch (error) {
        throw asSystemError(error)
      }
    },
  }
}

/** A file that is gone or was changed since it was chosen, or that the browser may not read: the input's trouble, told as the system's on a disk. */
function asSystemError(error: unknown): Error {
  const name = error instanceof DOMException ? error.name : ''
  const code = name === 'NotFoundError' ? 'ENOENT' : 'EACCES'
  return Object.assign(new Error(name), { code, syscall: 'read' })
}
