import type { OutputNeeds } from './define-output.ts'
import type { TemplateEngine } from './template-engine.ts'
import { loadEngine } from './templates.ts'
import type { Clock } from './view/times.ts'

/** What an output is made with; loaded before, so that rendering itself is pure and synchronous. */
export interface RenderTools {
  readonly engine: TemplateEngine
  readonly clock: Clock
}

/** `pages`: HTML is written, too. */
export async function loadTools(needs: OutputNeeds, pages = false): Promise<RenderTools> {
  return { engine: await loadEngine(needs, pages), clock: await loadClock(needs) }
}

/** Zone data is loaded only when a zone is named. */
export async function loadClock(needs: OutputNeeds): Promise<Clock> {
  return { zone: needs.zone ? (await import('../units/zone-printer.ts')).zonePrinter(needs.zone) : null }
}
