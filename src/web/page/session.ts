import type { WebOptions } from '../analyze.ts'
import type { GivenInput } from '../open.ts'
import type { Answer, Request, Result } from '../protocol.ts'
import { trusted } from './trusted.ts'

/** What is told while a worker is at it, and at its end. */
export interface Listener {
  progress(name: string, share: number): void
  done(result: Result): void
  refused(option: string, message: string): void
  failed(message: string): void
}

/** One analysis, in a worker of its own: what it took of memory is given back with it. */
export interface Session {
  /** The report in another format. */
  write(format: string): Promise<string>
  /** Ends it, at whatever it is. */
  end(): void
}

export function openSession(code: string, inputs: readonly GivenInput[], options: WebOptions, listener: Listener): Session {
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
  const worker = new Worker(trusted.createScriptURL(url))
  const waiting = new Map<string, (text: string) => void>()
  const ask = (request: Request): void => worker.postMessage(request)
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    if (data.kind === 'progress') listener.progress(data.name, data.share)
    else if (data.kind === 'done') listener.done(data.result)
    else if (data.kind === 'refused') listener.refused(data.option, data.message)
    else if (data.kind === 'failed') listener.failed(data.message)
    else waiting.get(data.format)?.(data.text)
  }
  worker.onerror = (event) => listener.failed(event.message)
  ask({ kind: 'analyze', inputs, options })
  return {
    write: (format) =>
      new Promise((resolve) => {
        waiting.set(format, resolve)
        ask({ kind: 'write', format })
      }),
    end() {
      worker.terminate()
      URL.revokeObjectURL(url)
    },
  }
}
