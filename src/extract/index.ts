import { apiRequests } from './api-requests.ts'
import { byWriter } from './by-writer.ts'
import { changes } from './changes.ts'
import { conmon } from './conmon.ts'
import { containerEvents } from './container-events.ts'
import { containerd } from './containerd.ts'
import { crio } from './crio.ts'
import type { Extractor } from './define-extractor.ts'
import { docker } from './docker.ts'
import { earlyoom } from './earlyoom.ts'
import { eventEcho } from './event-echo.ts'
import { kernelNotices } from './kernel-notices.ts'
import { kernelOom } from './kernel-oom/index.ts'
import { kubelet } from './kubelet/index.ts'
import { kubeletSpeech } from './kubelet/speech.ts'
import { lmkd } from './lmkd.ts'
import { logLoss } from './log-loss.ts'
import { nodeProblemDetector } from './node-problem-detector.ts'
import { nohang } from './nohang.ts'
import { oomd } from './oomd.ts'
import { orchestrators } from './orchestrators.ts'
import { runc } from './runc.ts'
import { runtimes } from './runtimes/index.ts'
import { earlyoomStatus } from './series/earlyoom-status.ts'
import { gcLog } from './series/gc-log.ts'
import { slurm } from './slurm.ts'
import { systemd } from './systemd.ts'
import { systemdOomd } from './systemd-oomd.ts'
import { talos } from './talos.ts'
import { yarn } from './yarn.ts'

/**
 * Everybody who reads lines. A record is shown to all of them in this order. `null`: several speak such words, or the words name no death by themselves;
 * a container's output is kept apart all the same.
 */
export const extractors: readonly Extractor[] = [
  byWriter(kernelOom, null),
  byWriter(kernelNotices, null),
  byWriter(kubelet, (record) => kubeletSpeech(record) !== null),
  byWriter(eventEcho, null),
  byWriter(containerd, 'containerd'),
  byWriter(crio, 'cri-o'),
  byWriter(conmon, 'conmon'),
  byWriter(docker, 'docker'),
  byWriter(containerEvents, null),
  byWriter(orchestrators, null),
  byWriter(runc, null),
  byWriter(systemd, 'systemd'),
  byWriter(systemdOomd, 'systemd-oomd'),
  byWriter(earlyoom, 'earlyoom'),
  byWriter(nohang, 'nohang'),
  byWriter(oomd, 'oomd'),
  byWriter(lmkd, 'lmkd'),
  byWriter(talos, 'talos'),
  byWriter(slurm, 'slurm'),
  byWriter(yarn, 'yarn'),
  byWriter(nodeProblemDetector, 'node-problem-detector'),
  byWriter(logLoss, null),
  changes,
  apiRequests,
  gcLog,
  earlyoomStatus,
  ...runtimes,
]
