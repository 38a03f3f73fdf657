/**
 * A path pattern as an anchored expression: `*` within a segment, a segment `**` for any depth, `{a,b}` for one of them, `<host>` for a
 * segment (or a part of one) that is a name; the same name again must be the same text.
 */
export function globExpression(glob: string): RegExp {
  const named = new Set<string>()
  const translate = (part: string): string =>
    part.replace(/\*\*\/|\*|<(\w+)>|\{([^}]*)\}|[.+?^$()|[\]\\]/g, (token, name?: string, choices?: string) => {
      if (token === '**/') return '(?:[^/]+/)*'
      if (token === '*') return '[^/]*'
      if (choices !== undefined) return `(?:${choices.split(',').map(translate).join('|')})`
      if (name === undefined) return `\\${token}`
      if (named.has(name)) return `\\k<${name}>`
      named.add(name)
      return `(?<${name}>[^/]+)`
    })
  return new RegExp(`^${translate(glob)}$`, 's')
}

/** Whether all that the pattern holds literally stands in the path: no match without it. */
export function mayMatch(glob: string, path: string): boolean {
  return glob
    .split(/\*\*\/|\*|<\w+>|(\{[^}]*\})/)
    .every(
      (part) => part === undefined || (part.startsWith('{') ? part.slice(1, -1).split(',') : [part]).some((choice) => holds(path, choice)),
    )
}

const holds = (path: string, part: string): boolean => part.split(/\*\*\/|\*|<\w+>/).every((piece) => path.includes(piece))
