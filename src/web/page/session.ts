import type { WebOptions } from '../analyze.ts'
import type { GivenInput } from '../open.ts'
import type { Answer, Request, Result } from '../protocol.ts'
import { trusted } from './trusted.ts'

/** What is told while a worker is at it, and at its end. */
export interface Listener {
  progress(name: string, share: number): void
  /** All is read; what follows cannot be measured. */
  read(): void
  done(result: Result): void
  refused(option: string, message: string): void
  failed(message: string): void
}

interface Waiting {
  resolve(text: string): void
  reject(error: Error): void
}

/** One analysis, in a worker of its own: what it took of memory is given back with it. */
export interface Session {
  /** The report in another format. */
  write(format: string): Promise<string>
  /** Ends it, at whatever it is. */
  end(): void
}

export function openSession(code: Promise<Blob>, inputs: readonly GivenInput[], options: WebOptions, listener: Listener): Session {
  const waiting = new Map<string, Waiting[]>()
  let worker: Worker | null = null
  let isOver = false
  const told = (answer: Answer): void => {
    if (answer.kind === 'progress') listener.progress(answer.name, answer.share)
    else if (answer.kind === 'read') listener.read()
    else if (answer.kind === 'done') listener.done(answer.result)
    else if (answer.kind === 'refused') listener.refused(answer.option, answer.message)
    else if (answer.kind === 'failed') listener.failed(answer.message)
    else {
      const asked = waiting.get(answer.format)?.shift()
      if (answer.kind === 'written') asked?.resolve(answer.text)
      else asked?.reject(new Error(answer.message))
    }
  }
  const ask = (request: Request): void => worker?.postMessage(request)
  const start = (script: Blob): void => {
    if (isOver) return
    const url = URL.createObjectURL(script)
    worker = new Worker(trusted.createScriptURL(url))
    worker.onmessage = ({ data }: MessageEvent<Answer>) => told(data)
    worker.onerror = (event) => listener.failed(event.message)
    // A worker that has answered has been loaded.
    worker.addEventListener('message', () => URL.revokeObjectURL(url), { once: true })
    ask({ kind: 'analyze', inputs, options })
  }
  code.then(start).catch((error: unknown) => listener.failed(String(error)))
  return {
    write: (format) =>
      new Promise((resolve, reject) => {
        waiting.set(format, [...(waiting.get(format) ?? []), { resolve, reject }])
        ask({ kind: 'write', format })
      }),
    end() {
      isOver = true
      worker?.terminate()
    },
  }
}
