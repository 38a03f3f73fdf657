/** Lines of a text, from 0. */
export interface ExampleSpan {
  readonly from: number
  readonly to: number
}

/** A line that proves a kill by itself, behind at most a stamp. */
const KILL =
  /^[\s>]*(?:\[[^\]]{1,32}\] ?|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S{1,64} kernel: (?:\[ *\d+\.\d+\] )?)?(?:(?:Memory cgroup out of memory|Out of memory): )?(?:Kill(?:ed)? process \d|oom-kill:constraint=|oom_reaper: reaped)/
/** A sentence: words, and how one ends; lines come without blanks at their end. */
const WORDS = /^[-*>#\d.)\s]{0,8}\p{L}/u
const END = /[.:?!…)。：]$/
const isSentence = (line: string): boolean => line.length >= 12 && WORDS.test(line) && END.test(line)
/** More lines are a log, whatever was written about it. */
const MOST = 3
/** A page of so many sentences in which nothing happened to anybody is a manual. */
const MANUAL = 3
/** How texts that teach announce what could be seen: `you will see a line like this:`, `for example`, `z. B.`, `par exemple`, `例如`. */
const AS_EXAMPLE =
  /\bfor (?:example|instance)\b|\be\.\s?g\.|\bexamples?\b|\bsample (?:output|line|message|log)|\btypical(?:ly)?\b|\b(?:such as|(?:looks?|something|lines?|messages?|entr(?:y|ies)|output) (?:like|similar to|along the lines of)|similar to (?:this|the following))\b|\byou(?:['’]ll| will| would| can| may| might| should| could)? (?:\w+ )?(?:see|find|get|notice|spot)\b|\b(?:will|would|may|might|can) (?:then )?(?:log|print|write|report|show|emit|contain|appear|look)\b|\b(?:kernel|it) (?:logs|prints|writes|emits) |\bz\. ?B\.|\bzum Beispiel\b|\bBeispiel|\bpar exemple\b|\bpor ejemplo\b|\bad esempio\b|\bpor exemplo\b|например|例如|比如|例えば/i
/** Somebody to whom it happened: his machines, his day, his question. */
const HAPPENED =
  /\b(?:my|our|ours|I|I['’]m|I['’]ve|we|we['’]re|we['’]ve|us|mein\w{0,2}|unser\w{0,2}|wir|ich|notre|nos|nous|mon|nuestr[oa]s?)\b(?! can\b| will\b| could\b| may\b)|\b(?:yesterday|today|tonight|last (?:night|week)|this (?:morning|week|afternoon)|since|again|gestern|heute|seit|hier soir|ayer)\b|\b(?:hi|hello|hey|hallo|bonjour|hola|dear) \w+|\b(?:thanks|regards|help|please|danke|gracias|merci)\b|(?:^|[ ,.])(?:мы|наш)|我们|私たち|昨日|昨天|\b\d{1,2}:\d\d ?(?:am|pm|utc|cet|uhr|h\b)|\b(?:incident|outage|postmortem|root cause|affected|ticket|on-call)\b|(?<!\b(?:is|are|be|gets?) )\b(?:happened|crashed|restarted|died|went down)\b/i
/** A page that is written for readers: headings, lists of steps. */
const HEADING = /^(?:#{1,4} \S|={3,}\s*$|-{4,}\s*$)/

/**
 * Kill lines that prose quotes as an example of what such a line looks like: in a tutorial, a manual, a README. Few lines between sentences that teach, in a text
 * in which nothing happened to anybody. What somebody reports is none, nor is a log.
 */
export function exampleLines(text: string): readonly ExampleSpan[] {
  const lines = text.split('\n').map((line) => line.trimEnd())
  const prose = lines.filter((line) => isSentence(line) && !KILL.test(line))
  const kills = lines.flatMap((line, at) => (KILL.test(line) ? [at] : []))
  if (kills.length === 0 || prose.length === 0 || prose.some((line) => HAPPENED.test(line))) return []
  const isPage = lines.some((line) => HEADING.test(line))
  return blocksOf(kills).filter(
    ({ from, to }) => to - from <= MOST && isQuoted(lines, from, to) && (teaches(lines, from, to) || (isPage && prose.length >= MANUAL)),
  )
}

function blocksOf(kills: readonly number[]): ExampleSpan[] {
  const blocks: { from: number; to: number }[] = []
  for (const at of kills) {
    const last = blocks.at(-1)
    if (last !== undefined && last.to === at) last.to = at + 1
    else blocks.push({ from: at, to: at + 1 })
  }
  return blocks
}

const isMark = (line: string): boolean => line.trim() === '' || /^\s*(?:```|~~~|<\/?(?:pre|code)>|\{(?:code|noformat))/.test(line)

/** The nearest line above that says something. */
function above(lines: readonly string[], from: number): string {
  for (let at = from - 1; at >= 0 && at >= from - 4; at -= 1) if (!isMark(lines[at] ?? '')) return lines[at] ?? ''
  return ''
}

function below(lines: readonly string[], to: number): string {
  for (let at = to; at < lines.length && at < to + 4; at += 1) if (!isMark(lines[at] ?? '')) return lines[at] ?? ''
  return ''
}

/** Prose stands right above it, and nothing of a log around it. */
const isQuoted = (lines: readonly string[], from: number, to: number): boolean =>
  (isSentence(above(lines, from)) || HEADING.test(above(lines, from)) || AS_EXAMPLE.test(above(lines, from))) &&
  (below(lines, to) === '' || !/^\[ *\d+\.\d+\]|^[A-Z][a-z]{2} [ \d]\d \d\d:/.test(below(lines, to)))

const teaches = (lines: readonly string[], from: number, to: number): boolean =>
  AS_EXAMPLE.test(above(lines, from)) ||
  /^(?:Here|This|The|In this)\b.*\b(?:means?|indicates?|tells?|shows?|is|are)\b/.test(below(lines, to))
