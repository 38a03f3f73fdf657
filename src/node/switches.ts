/** What a bench can do without, to show what it buys: `OOM_REPORT_WITHOUT=lives,threads`. It changes how long a report takes, never what it says. */
export type Piece = 'lives' | 'threads'

export const isWithout = (piece: Piece): boolean => process.env['OOM_REPORT_WITHOUT']?.split(',').includes(piece) === true
