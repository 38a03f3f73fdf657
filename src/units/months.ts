/**
 * Month names as `strftime("%b")` prints them: `dmesg -T`, `dmesg -H` and `journalctl` follow the locale, so foreign logs hold foreign
 * names. From glibc's and ICU's abbreviations; a name that two languages give to different months is left out, unless one of them is
 * far more common (`lis` is November in Polish and Czech, October in Croatian).
 */
const names: readonly string[] = [
  'jan ene gen janv ian янв січ oca sty led gennaio ιαν tammi jaan яну saus jän jann leden január january januar',
  'feb febr fev fév févr фев фвр лют şub lut úno únor φεβ helmi veebr vas february februar',
  'mar mär mrz märz mrt mars març márc мар бер kwar bře břez μαρ μάρ maalis märts marts kov march marzo',
  'apr avr avril abr ápr апр кві nis kwi dub απρ huhti bal april aprile',
  'may mai maj mag maio mayo máj maig mei май мая тра kvě μαΐ μάι μαϊ touko maijs geg maggio',
  'jun juin giu iun jún juny июн чер haz cze ιουν ιούν kesä juuni jūn birž юни june juni',
  'jul juil lug iul júl july июл лип tem lip čec ιουλ ιούλ heinä juuli jūl liep юли juli julio',
  'aug août ago aoû авг сер ağu sie srp αυγ αύγ elo rugp agu ags ág august agosto',
  'sep sept set сен вер eyl wrz zář σεπ syys rugs szept september',
  'oct okt ott out окт жов eki paź říj οκτ loka spal october oktober',
  'nov ноя лис kas lis νοε νοέ marras lapkr ное november',
  'dec dez dic déc des дек гру ara gru pro δεκ joulu dets gruod december dezember',
]

const months: ReadonlyMap<string, number> = new Map(
  names.flatMap((line, index) => line.split(' ').map((name) => [name, index + 1] as const)),
)

/** 1–12, or `null`. Takes `Nov`, `nov.`, `Mär`, `11月`, `11월`, `Th11`, any case. */
export function monthOf(name: string): number | null {
  const direct = months.get(name)
  if (direct !== undefined) return direct
  const folded = months.get(name.toLowerCase().replace(/\.$/, '').normalize('NFC'))
  if (folded !== undefined) return folded
  const number = /^(?:th(?:g )?)?(?<month>\d{1,2})[月월]?\.?$/i.exec(name)?.groups?.['month']
  if (number === undefined || !/\D/.test(name)) return null
  return Number(number) >= 1 && Number(number) <= 12 ? Number(number) : null
}
