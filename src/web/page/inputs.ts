import type { GivenInput } from '../open.ts'
import { withOwnNames } from '../own-names.ts'
import { button, byId, made } from './elements.ts'

const list = byId('inputs', HTMLElement)

/** What is read, each with a way to take it out. `keep` is told what is left. */
export function showInputs(inputs: readonly GivenInput[], keep: (rest: readonly GivenInput[]) => void): void {
  const named = withOwnNames(inputs)
  const taken = (rest: readonly GivenInput[], at: number): void => {
    keep(rest)
    // The pressed button is gone: who uses a keyboard goes on where it was.
    const next = list.querySelectorAll('button')[Math.min(at, rest.length - 1)] ?? byId('choose-files', HTMLButtonElement)
    next.focus()
  }
  const rows = named.map((input, at) => {
    const { name } = input
    const remove = button('Remove', () => taken(inputs.toSpliced(at, 1), at), 'link')
    remove.setAttribute('aria-label', `Remove ${name}`)
    return made('li', [made('code', name), made('span', sizeText(input), 'size'), remove])
  })
  const all = button('Remove all', () => taken([], 0), 'link')
  list.replaceChildren(...rows, ...(rows.length > 1 ? [made('li', [all])] : []))
  list.hidden = rows.length === 0
}

function sizeText(input: GivenInput): string {
  const all = input.kind === 'file' ? [input.file] : input.files
  const bytes = all.reduce((n, { blob }) => n + blob.size, 0)
  const size = bytes < 10_000 ? `${bytes} bytes` : `${(bytes / 2 ** 20).toFixed(1)} MiB`
  return input.kind === 'file' ? size : `${all.length} files, ${size}`
}
