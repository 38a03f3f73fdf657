/** Titles of a manual's sections (man-pages(7)), at the line's begin; in its source behind `.SH`. */
const SECTION = /^(?:\.SH "?)?(?<title>NAME|SYNOPSIS|DESCRIPTION|OPTIONS|EXIT STATUS|FILES|SEE ALSO|EXAMPLES?|BUGS|AUTHORS?|ENVIRONMENT)"?$/
/** What a program prints of itself: `Usage: earlyoom [OPTION]...` */
const USAGE = /^usage: \S+ .*\[/i
/** Headings of a project's own page: those that no report of an error has, and those that one may have. */
const OF_PROJECT = /^(?:licen[cs]e|contributing|synopsis|how do i \w+ it\??|what does it do\??)$/i
const ALSO =
  /^(?:installation|install(?:ing)?|usage|options|building(?: from source)?|getting started|features|how it works|command[- ]line options)$/i
const UNDERLINE = /^(?:={3,}|-{3,}|~{3,})$/
/** Somebody who tells of himself all the same. */
const FIRST_PERSON = /\b(?:my|I|I['’]m|I['’]ve)\b/

/** Whether a text is a manual's page, printed or as its source, or what a program says of its use: lines of a log in it are examples. */
export function isManual(lines: readonly string[]): boolean {
  const titles = new Set(lines.flatMap((line) => SECTION.exec(line)?.groups?.['title'] ?? []))
  const isPage = titles.has('SYNOPSIS') ? titles.size >= 2 : titles.has('NAME') && titles.size >= 3
  return isPage || lines.slice(0, 5).some((line) => USAGE.test(line) || /^\.TH \S/.test(line))
}

/** Whether a text is the page of a project on which nobody tells of himself. */
export function isProjectPage(lines: readonly string[]): boolean {
  const headings = lines.flatMap((line, at) => {
    const marked = /^#{1,4} (?<title>\S.*)$/.exec(line)?.groups?.['title']
    return marked ?? (UNDERLINE.test(lines[at + 1] ?? '') ? line : [])
  })
  const own = headings.filter((title) => OF_PROJECT.test(title.trim())).length
  const also = headings.filter((title) => ALSO.test(title.trim())).length
  return (own >= 1 || also >= 2) && !lines.some((line) => FIRST_PERSON.test(line))
}

/** Whether lines are set in, or stand in a fence or between `.nf` and `.fi`: an example is, a text's own lines are not. */
export function isSetIn(lines: readonly string[], from: number, to: number): boolean {
  const fences = lines.slice(0, from).filter((line) => /^\s*(?:```|~~~)|^\.(?:nf|fi|EX|EE)\b/.test(line)).length
  return fences % 2 === 1 || lines.slice(from, to).every((line) => /^(?: {2,}|\t)/.test(line))
}
