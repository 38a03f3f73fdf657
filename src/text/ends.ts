/** A text without the run of such characters at its end. A regular expression `x+$` tries each of them anew: quadratic where they stand elsewhere. */
export function withoutEnd(text: string, isEnd: (code: number) => boolean): string {
  let end = text.length
  while (end > 0 && isEnd(text.charCodeAt(end - 1))) end -= 1
  return end === text.length ? text : text.slice(0, end)
}
