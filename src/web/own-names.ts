import type { GivenInput } from './open.ts'

/**
 * Inputs as the command line would be given them. A page knows the last part of a path only: where different ones are called the same, they stand in folders
 * `1`, `2` … in the order in which they came (names and their order are else those of the files). One that was given twice has one name, there and here.
 */
export function withOwnNames(inputs: readonly GivenInput[]): GivenInput[] {
  const known = new Map<string, string[]>()
  const places = inputs.map((input) => {
    const same = known.get(input.name) ?? []
    known.set(input.name, same)
    const mark = markOf(input)
    if (!same.includes(mark)) same.push(mark)
    return same.indexOf(mark) + 1
  })
  return inputs.map((input, at) => {
    const count = known.get(input.name)?.length ?? 1
    const folder = String(places[at]).padStart(String(count).length, '0')
    return count === 1 ? input : { ...input, name: `${folder}/${input.name}` }
  })
}

/** What a file shows of itself without being read. */
function markOf(input: GivenInput): string {
  const files = input.kind === 'file' ? [input.file] : input.files
  return JSON.stringify([input.kind, ...files.map(({ path, blob, modifiedMs }) => [path, blob.size, modifiedMs]).sort()])
}
