/** A line of a text whose damage is undone, and the physical lines that it was made of: `from` to before `to`, from 0. */
export interface TextLine {
  readonly text: string
  readonly from: number
  readonly to: number
  /** Nothing like it stands in the file: its bytes were encoded (base64). */
  readonly encoded?: boolean
  /** It was broken, and what stood at the break was guessed, or it is the rest of one that could not be put together. */
  readonly guessed?: boolean
}

export const physicalLines = (text: string): TextLine[] => {
  const lines = text.split('\n').map((own, at) => ({ text: own.endsWith('\r') ? own.slice(0, -1) : own, from: at, to: at + 1 }))
  if (lines.at(-1)?.text === '') lines.pop()
  return lines
}
