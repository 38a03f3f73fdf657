import type { Phrase } from '../model/diagnosis.ts'
import type { AnyIncident, AnyReport, Report, ReportAnswer, ReportAnswerOf, ReportIncident } from '../model/report.ts'
import { oneLine } from '../text/one-line.ts'
import { plainPhrase } from '../text/plain-phrase.ts'
import { verdictLength } from './verdict.ts'

/** A sentence as the JSON has it. */
export const plain = (text: Phrase | string): string => (typeof text === 'string' ? text : plainPhrase(text))

/** The report as it is written down: the contract's JSON. */
export function plainReport(report: AnyReport): Report {
  return {
    ...report,
    incidents: report.incidents.map(plainIncident),
    findings: report.findings.map((finding) => ({ ...finding, statement: plain(finding.statement) })),
  }
}

/** Keys keep their order. */
export function plainIncident({ impact, ...incident }: AnyIncident): ReportIncident {
  const { limit, consumer, selection, consequence } = incident.diagnosis
  return {
    ...incident,
    verdict: typeof incident.verdict === 'string' ? incident.verdict : plain(oneLine(incident.verdict, verdictLength)),
    headline: plain(incident.headline),
    diagnosis: {
      limit: plainAnswer(limit),
      consumer: plainAnswer(consumer),
      selection: plainAnswer(selection),
      consequence: plainAnswer(consequence),
    },
    rootCause: plainAnswer(incident.rootCause),
    alternatives: incident.alternatives.map((one) => ({ ...one, why: plain(one.why), against: plain(one.against) })),
    recommendations: incident.recommendations.map((one) => ({
      ...one,
      text: plain(one.text),
      why: plain(one.why),
      effect: plain(one.effect),
    })),
    missing: incident.missing.map((one) => ({ ...one, text: plain(one.text) })),
    ...(impact === undefined ? {} : { impact: plain(impact) }),
  }
}

const plainAnswer = <Id extends string>(answer: ReportAnswerOf<Phrase | string, Id>): ReportAnswer<Id> => ({
  ...answer,
  statement: plain(answer.statement),
})
