import { isManual, isProjectPage, isSetIn } from './manuals.ts'

/** Lines of a text, from 0. */
export interface ExampleSpan {
  readonly from: number
  readonly to: number
}

/** A line that proves a kill by itself, behind at most a stamp. */
const KILL =
  /^[\s>]*(?:\[[^\]]{1,32}\] ?|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S{1,64} kernel: (?:\[ *\d+\.\d+\] )?)?(?:(?:Memory cgroup out of memory|Out of memory): )?(?:Kill(?:ed)? process \d|oom-kill:constraint=|oom_reaper: reaped)|^[\s>]*(?:\S.{0,60}\S: )?(?:sending SIG(?:TERM|KILL) to process \d|Killed \/\S+ due to (?:memory|swap) )/
/** A sentence: words, and how one ends; lines come without blanks at their end. */
const WORDS = /^[-*>#\d.)\s]{0,8}\p{L}/u
const END = /[.:?!…)。：]$/
const isSentence = (line: string): boolean => line.length >= 12 && WORDS.test(line) && END.test(line)
/** More lines are a log, whatever was written about it. */
const MOST = 3
/** How texts that teach announce what could be seen: `you will see a line like this:`, `for example`, `z. B.`, `par exemple`, `例如`. */
const AS_EXAMPLE =
  /\bfor instance\b|\be\.\s?g\.|\bexamples?\b|\bsample (?:output|line|message|log)|\btypical(?:ly)?\b|\b(?:such as|looks? as follows|(?:looks?|something|lines?|messages?|entr(?:y|ies)|output) (?:like|similar to|along the lines of)|similar to (?:this|the following))\b|\byou(?:['’]ll| will| would| can| may| might| should| could)? (?:\w+ )?(?:see|find|get|notice|spot)\b|\b(?:will|would|may|might|can) (?:then )?(?:log|print|write|report|show|emit|contain|appear|look)\b|\b(?:kernel|it) (?:logs|prints|writes|emits) |\bz\. ?B\.|\bBeispiel|\bpar exemple\b|\bpor ejemplo\b|\bad esempio\b|\bpor exemplo\b|например|例如|比如|例えば/i
/** Somebody to whom it happened: his machines, his day, his question. */
const HAPPENED =
  /\b(?:my|our|ours|I|we|us|mein\w{0,2}|unser\w{0,2}|wir|ich|notre|nos|nous|mon|nuestr[oa]s?)\b(?! can\b| will\b| could\b| may\b)|\b(?:yesterday|today|tonight|last (?:night|week)|this (?:morning|week|afternoon)|since|again|gestern|heute|seit|hier soir|ayer)\b|\b(?:hi|hello|hey|hallo|bonjour|hola|dear) \w+|\b(?:thanks|regards|help|please|danke|gracias|merci)\b|(?:^|[ ,.])(?:мы|наш)|我们|私たち|昨日|昨天|\b\d{1,2}:\d\d\b|\b20\d\d-\d\d-\d\d\b|\b\d+\.\d+\.\d+-\d|\S@\w|\b[A-Z]{2,10}-\d{2,}\b|\b(?:incident|outage|postmortem|root cause|affected|ticket|on-call)\b|(?<!\b(?:is|are|be|gets?) )\b(?:happened|crashed|restarted|died|went down)\b/i
/** A page that is written for readers: headings, lists of steps. */
const HEADING = /^(?:#{1,4} \S|={3,}\s*$|-{4,}\s*$)/
/** What a reader has not seen yet: `you will see`, `the kernel would log`. */
const MODAL =
  /\b(?:you|it|kernel|log|system)(?:['’]ll| will| would| may| might| should)(?: \w+)? (?:see|find|get|notice|spot|log|print|write|report|show|emit|contain|appear|look)\b|\b(?:sehen Sie|siehst du|vous verrez|verás|verrà|vedrai|você verá)(?!\w)|увидите/i
/** What a kill line's field is, in words: `total-vm is the virtual size`, `Die Zahl ist die PID`; a figure behind it is somebody's. */
const EXPLAINS =
  /\b(?:total-vm|anon-rss|file-rss|shmem-rss|pgtables|oom_score(?:_adj)?|oom_memcg|task_memcg|number|value|Zahl|PID|process id|score)\b[`'"]?(?: \([^)]{1,40}\))? ?(?:(?:is|are|means?|stands? for|shows?|tells?|ist|est|es|sont|è|é|=|:|—|–|это) |[是は]) ?(?!about|only|~|[\d.]+ ?[kKMGT%]|\d+。)/i
/** A rule for whom it may concern: what holds whenever something happens, and what to do then. */
const RULES =
  /^[-*\s]{0,6}(?:If|When|Whenever|Once|In case|Wenn|Falls|Sobald|Si|Lorsque|Quand|Cuando|Quando|Se|Если|Когда|当|如果)[ \p{Script=Han}]|^[-*\s]{0,6}(?:Raise|Increase|Lower|Set|Check|Ensure|Make sure|Consider|Tune|Adjust|Avoid|Enable|Disable|Use|Note)\b/u
/** Who writes down a line by heart numbers and names it so. */
const MADE_UP =
  /\b(?:process |pid=)(?:1234?5?6?7?8?9?|4321|54321|9999|1111|100|1000|10000)\b|\((?:example|foo|bar|myapp|my-app|my_app|app_name|process_name|program|your_\w+)\)|task=(?:example|foo|myapp|my-app)\b|\b(?:123456|654321|12345|9999)\d*kB/

/**
 * Kill lines that prose quotes as an example of what such a line looks like: in a tutorial, a manual, a README. Few lines between sentences that teach, in a text
 * in which nothing happened to anybody. What somebody reports is none, nor is a log. Headings, rules and `for example` stand in reports, too: by themselves they are no
 * sign; the text must say what such a line means, speak of what a reader will see, or have made the line up.
 */
export function exampleLines(text: string): readonly ExampleSpan[] {
  const lines = text.split('\n').map((line) => line.trimEnd())
  const kills = lines.flatMap((line, at) => (KILL.test(line) ? [at] : []))
  if (kills.length === 0) return []
  const isShown = ({ from, to }: ExampleSpan): boolean => to - from <= MOST && isSetIn(lines, from, to)
  // A page for readers needs no sentence that teaches.
  if (isManual(lines) || isProjectPage(lines)) return blocksOf(kills).filter(isShown)
  const prose = lines.filter((line) => isSentence(line) && !KILL.test(line))
  if (prose.length === 0 || prose.some((line) => HAPPENED.test(line))) return []
  const explains = prose.some((line) => EXPLAINS.test(line))
  const rules = prose.some((line) => RULES.test(line))
  if (hostsOf(lines).some((host) => prose.some((line) => line.includes(host)))) return []
  return blocksOf(kills).filter(({ from, to }) => {
    if (to - from > MOST || !isQuoted(lines, from, to)) return false
    const announced = above(lines, from)
    const isMadeUp = lines.slice(from, to).some((line) => MADE_UP.test(line))
    const signs = [explains, rules, isMadeUp, AS_EXAMPLE.test(announced)].filter(Boolean).length
    return signs >= 2 && (explains || isMadeUp || MODAL.test(announced))
  })
}

/** Machines in the fronts of kill lines: who names one in his prose tells of that one. */
const hostsOf = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => (KILL.test(line) ? (/\d\d:\d\d:\d\d (?<host>[\w.-]{3,64}) kernel:/.exec(line)?.groups?.['host'] ?? []) : []))

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
