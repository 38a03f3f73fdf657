/** When each event was given out: the line (in a journal: the place of the entry) whose record it was (`Infinity`: the source had ended) and the extractor, so that two readings make one. */
export interface EventLog {
  readonly lines: number[]
  readonly extractors: number[]
}

export const openEventLog = (): EventLog => ({ lines: [], extractors: [] })
