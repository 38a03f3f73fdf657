import type { OutputNeeds } from './define-output.ts'
import { loadEngine, type TemplateEngine } from './templates.ts'
import type { Clock, ZonePrinter } from './view/times.ts'

/** What an output is made with; loaded before, so that rendering itself is pure and synchronous. */
export interface RenderTools {
  readonly engine: TemplateEngine
  readonly clock: Clock
}

/** `pages`: HTML is written, too. */
export async function loadTools(needs: OutputNeeds, pages = false): Promise<RenderTools> {
  return { engine: await loadEngine(needs, pages), clock: await loadClock(needs) }
}

export async function loadClock(needs: OutputNeeds): Promise<Clock> {
  return { zone: needs.zone ? await zonePrinter(needs.zone) : null }
}

/** luxon is loaded only when a zone is named. Its precision is milliseconds, so the digits of a second come from the instant itself. */
async function zonePrinter(zone: string): Promise<ZonePrinter> {
  const { DateTime } = await import('luxon')
  return (epochUs, digits) => {
    const at = DateTime.fromMillis(Math.floor(epochUs / 1000), { zone, locale: 'en' })
    if (!at.isValid) return `unknown zone ${zone}`
    const fraction = String(((epochUs % 1_000_000) + 1_000_000) % 1_000_000)
      .padStart(6, '0')
      .slice(0, digits)
    return `${at.toFormat('yyyy-MM-dd HH:mm:ss')}${fraction === '' ? '' : `.${fraction}`} ${at.toFormat('ZZZZ')}`
  }
}
