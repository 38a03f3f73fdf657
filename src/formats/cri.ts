import { containerWriter, openVoice } from './author.ts'
import type { FormatContext, Line, LineDecoder, LineFormat } from './define-format.ts'
import { type CriHead, readCriHead } from './inner-cri.ts'
import { recordOf } from './record.ts'
import { judge } from './sniffing.ts'
import { unwrap } from './unwrap.ts'

interface Open {
  readonly line: Line
  readonly head: CriHead
  readonly raw: string[]
  text: string
}

/** The runtimes cut at 16 KiB; nothing is longer than this. */
const joinedLength = 1_048_576

export const cri: LineFormat = {
  id: 'cri',
  title: 'container output kept by the kubelet',
  writtenBy: 'containerd and CRI-O (/var/log/pods/…/0.log)',
  seen: 'documented',
  framing: 'lines',
  sniff: (head) => judge(head, (text) => readCriHead(text) !== null),
  decoder: criDecoder,
}

/** Parts (`P`) are joined until `F`, for each stream apart: the two may interleave. */
function criDecoder(context: FormatContext): LineDecoder {
  const open = new Map<string, Open>()
  const voice = openVoice()
  const writer = containerWriter(context.container ?? {})
  const release = (stream: string, emit: Parameters<LineDecoder['flush']>[0]): void => {
    const held = open.get(stream)
    if (held === undefined) return
    open.delete(stream)
    const { line, head, raw, text } = held
    const fields = { ...context.container, stream }
    emit(voice(unwrap(recordOf(context, line, { width: 0, wall: head.wall, writer, fields }, text, raw.join('\n'), raw.length))))
  }
  return {
    push(line, emit) {
      const head = readCriHead(line.text)
      if (head === null) return line.text === ''
      const text = line.text.slice(head.end)
      const held = open.get(head.stream)
      if (held === undefined) open.set(head.stream, { line, head, raw: [line.text], text })
      else {
        held.raw.push(line.text)
        held.text += text
      }
      const now = open.get(head.stream) as Open
      if (!head.partial || now.text.length > joinedLength) release(head.stream, emit)
      return true
    },
    flush(emit) {
      for (const stream of [...open.keys()]) release(stream, emit)
    },
  }
}
