import type { Document } from '../../../model/record.ts'
import type { DocumentFacts } from '../../../model/snapshot.ts'
import type { DocumentReader } from '../../define-extractor.ts'
import { describeNode } from '../describe-node.ts'
import { eventsTable } from '../events-table.ts'
import { manifestJson } from '../manifest-json.ts'
import { manifestYaml } from '../manifest-yaml.ts'
import { newFacts, type Page } from '../page.ts'
import { runtimeInspect } from '../runtime-inspect.ts'
import { systemctl } from '../systemctl.ts'
import { withoutBreaks } from './broken-lines.ts'
import { freedLine, JOINED, withoutNumbers } from './clean-lines.ts'
import { type Command, commandOf } from './commands.ts'
import type { Block } from './fragment.ts'
import { fragmentReaders } from './fragments.ts'

/** What a paste holds beside logs. */
export interface PasteFacts {
  readonly facts: DocumentFacts
  /** Lines that were read as a document and are no log, from 0; `to` is behind the last. */
  readonly taken: readonly Span[]
  /** Lines below a command that names the machine on which it ran. */
  readonly hosts: readonly (Span & { readonly host: string })[]
  /** Documents of the host (`free`, `ps` …) stand between the logs. */
  readonly blocks: readonly Span[]
  /** Lines that had been broken were put together: no other reader can take the text as it stands. */
  readonly mended: boolean
}

export interface Span {
  readonly from: number
  readonly to: number
}

/** What only documents of Kubernetes hold: a text without any of it is a log, and is not cut. */
const SUSPECT =
  /^[ \t>|]*(?:(?:Last )?State: +(?:Terminated|Waiting|Running)|(?:Init |Ephemeral )?Containers:|Events:|Name: +\S+|(?:NAMESPACE +)?NAME +READY +STATUS|(?:NAMESPACE +)?LAST ?SEEN +|Type +Reason +Age)|O(?:OM|om)[Kk]illed|Result: oom-kill\b|(?:^|\t)Evicted\t|System OOM encountered, victim|\b[Rr]eason"?: *["']?Evicted\b|low on resource: memory|killed due to memory usage|"?(?:lastState|involvedObject|containerStatuses)"?:|\b(?:Warning|Normal)[ \t]{1,80}[A-Z]\w{1,80}[ \t]|\b\d{1,4}\/\d{1,4} {1,80}[A-Z]\w{1,80} {1,80}\d/m
const PROMPT = /^[^\n]{0,60}[$#%❯➜>] +(?:~ +)?(?:sudo +)?(?:kubectl|oc|k|ssh|dmesg|journalctl) /m

/** Whether a text may hold such documents between logs and prose. */
export const maybePaste = (text: string): boolean =>
  SUSPECT.test(text.includes('\u00a0') ? text.replaceAll('\u00a0', ' ') : text) || PROMPT.test(text) || / \| rc=\d+ >>/.test(text)

const FENCE = /^\s*(?:```|~~~)/
const wholeReaders: Readonly<Record<Parameters<Block['readWhole']>[0], DocumentReader>> = {
  'runtime-inspect': runtimeInspect,
  'kubernetes-json': manifestJson,
  'kubernetes-yaml': manifestYaml,
  'kubectl-events': eventsTable,
  'describe-node': describeNode,
  systemctl,
}

/** Loads what hand-written YAML needs. */
export async function preparePaste(): Promise<void> {
  await manifestYaml.prepare?.()
}

/** Cuts a text into what documents it holds and the rest, which are logs and prose. */
export function readPaste(document: Document): PasteFacts {
  const raw = document.text.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  const freed = withoutNumbers(raw.map(freedLine))
  const mended = withoutBreaks(freed)
  const lines = mended ?? freed.map((line) => line.trimEnd())
  const page: Page = {
    source: document.source,
    path: document.path,
    lines,
    firstLine: document.firstLine ?? 1,
    relaid: { places: lines.map((_, index) => index), raw },
  }
  const facts = newFacts()
  const taken: Span[] = []
  const hosts: (Span & { host: string })[] = []
  const blocks = blocksOf(lines)
  for (const { from, to, command } of blocks) {
    const block: Block = {
      page,
      to,
      command,
      owner: noOwner(),
      columns: null,
      readWhole: (id, a, b) => readWhole(document, page, id, a, b),
    }
    if (command?.host != null) hosts.push({ from, to, host: command.host })
    for (let index = from; index < to; ) {
      const found = takeAt(block, index)
      if (found === null) index += 1
      else {
        facts.snapshots.push(...found.facts.snapshots)
        facts.events.push(...found.facts.events)
        facts.warnings.push(...found.facts.warnings)
        let end = found.to
        while (lines[end] === JOINED) end += 1
        taken.push({ from: index, to: end })
        index = end
      }
    }
  }
  return { facts, taken, hosts, blocks, mended: mended !== null }
}

const noOwner = (): Block['owner'] => ({ kind: null, namespace: null, name: null, host: null })

function takeAt(block: Block, index: number): { to: number; facts: DocumentFacts } | null {
  if ((block.page.lines[index] ?? '').trim() === '') return null
  for (const read of fragmentReaders) {
    const found = read(block, index)
    if (found !== null && found.to > index) return found
  }
  return null
}

interface BlockSpan extends Span {
  readonly command: Command | null
}

/** Commands and fences part a paste. What a command says holds for all below it, up to the next one or the end of its fence. */
function blocksOf(lines: readonly string[]): BlockSpan[] {
  const blocks: BlockSpan[] = []
  let command: Command | null = null
  let from = 0
  let inFence = false
  const close = (to: number): void => {
    if (to > from) blocks.push({ from, to, command })
    from = to + 1
  }
  for (const [index, line] of lines.entries()) {
    const typed = commandOf(line)
    if (typed === null && !FENCE.test(line)) continue
    close(index)
    if (typed !== null) command = typed
    else {
      // what was typed inside a fence says nothing of the next one
      if (inFence) command = null
      inFence = !inFence
    }
  }
  close(lines.length)
  return blocks
}

function readWhole(document: Document, page: Page, id: keyof typeof wholeReaders, from: number, to: number): DocumentFacts {
  return wholeReaders[id].read({
    source: document.source,
    path: document.path,
    modifiedMs: document.modifiedMs,
    text: page.lines.slice(from, to).join('\n'),
    firstLine: page.firstLine + from,
  })
}
