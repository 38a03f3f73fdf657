import type { Phrase } from '../../../model/diagnosis.ts'

/**
 * What is known of a program's memory: by what it shows, what governs it, and what shows what is in it. Data only: a product that needs code of its own
 * does not exist. Settings as their makers' manuals name them (2026).
 */
export interface Runtime {
  readonly id: string
  /** As a sentence names it: `the JVM`, `PostgreSQL`. */
  readonly title: string
  /** Its names in the task table (15 characters at most, cut by the kernel); `redis*` stands for all that begin so. */
  readonly names: readonly string[]
  /** Where the name alone may be another's: what its command line, arguments, environment or image must hold one of too, in lower case. */
  readonly words?: readonly string[]
  /** How its memory is bounded, as an instruction. */
  readonly bound: Phrase
  /** How to see what holds its memory, as an instruction. */
  readonly look: Phrase
  /** The command for that, run where the program runs; `PID` stands for its process id there. `null`: a setting, not a command, does it. */
  readonly command: string | null
  /** The port on which that command asks the program: it is asked from outside, where a shell and the command's own tools are. */
  readonly port?: number
  /** That command asks the cluster, from where `kubectl` is at hand: the image need not even have a shell. */
  readonly outside?: true
  /** What that command costs the program, where it costs anything. */
  readonly cost?: Phrase
  /** Many processes of one kind are its way of working: how their number is set. */
  readonly number?: Phrase
  /** The share of a limit that its heap may take, where it is not the runtime's usual one. */
  readonly heapShare?: number
  /** What lies outside of its heap and has a setting of its own, where that is more than any JVM has. */
  readonly beside?: Phrase
  /** How many times what was held is a trial, where most of what it holds is fixed. */
  readonly beyond?: number
  /** The limit is not set on the pod but follows from this, as an instruction: who makes the pod would undo it there. */
  readonly limitBy?: Phrase
  /** What its tool takes in place of a process id within a container: all of its processes there. */
  readonly all?: string
  /** What it loads at its start before it frees any, and how that is made less: for minutes it may need more than ever after. */
  readonly start?: { readonly loads: Phrase; readonly less: Phrase }
  /** Each of its processes has a task of its own, and this says how large it may be. */
  readonly each?: Phrase
  /** The command that sets it while they run; `BYTES` stands for the size. */
  readonly setEach?: string
  /** What it holds is what it was given: a limit below that kills it, and this is done instead in a shortage of the machine. */
  readonly given?: { readonly instead: Phrase; readonly command: string }
  /** It has no heap that grows by itself: no profile of it tells anything. */
  readonly heapless?: true
  /** Nothing works without it: it is given room, never a limit. */
  readonly vital?: true
  /** A job that somebody starts and that ends: its bound is for the next run, not for later. */
  readonly ends?: true
}

export const defineRuntimes = (rows: readonly Runtime[]): readonly Runtime[] => rows
