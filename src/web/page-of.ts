import type { PhrasedReport } from '../model/report.ts'
import { renderReport } from '../render/render-report.ts'

/** The report as a page; where our own fault breaks it, what the words are for whoever reads, and its text for the terminal in place of the page: the other outputs may do. */
export async function pageOf(report: PhrasedReport): Promise<{ html: string; broken: string | null }> {
  try {
    return { html: await renderReport(report, 'html'), broken: null }
  } catch (error) {
    const broken = `The page of the report could not be made (${reasonOf(error)}), a bug of ours: please tell us. The other formats may do.`
    const text = await renderReport(report, 'text').catch(() => '')
    return { html: `<!doctype html><meta charset="utf-8"><title>oom-report</title><pre>${escaped(text)}</pre>`, broken }
  }
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
