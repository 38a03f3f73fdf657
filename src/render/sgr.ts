/** The three things that have a colour on a terminal; each also has a word or a mark. Whether colour is on is decided by the caller. */
export type Paint = (what: 'mark' | 'cause' | 'victim', text: string) => string

/** ECMA-48 SGR: red, bold, yellow; `0` ends each. */
const codes = { mark: '31', victim: '1', cause: '33' } as const

export function paintOf(color: boolean): Paint {
  return (what, text) =>
    color
      ? text
          .split('\n')
          .map((line) => `\x1b[${codes[what]}m${line}\x1b[0m`)
          .join('\n')
      : text
}
