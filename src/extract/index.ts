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
import { lmkd } from './lmkd.ts'
import { logLoss } from './log-loss.ts'
import { nodeProblemDetector } from './node-problem-detector.ts'
import { nohang } from './nohang.ts'
import { oomd } from './oomd.ts'
import { orchestrators } from './orchestrators.ts'
import { runc } from './runc.ts'
import { runtimes } from './runtimes/index.ts'
import { slurm } from './slurm.ts'
import { systemd } from './systemd.ts'
import { systemdOomd } from './systemd-oomd.ts'
import { talos } from './talos.ts'
import { yarn } from './yarn.ts'

/** Everybody who reads lines. A record is shown to all of them in this order. */
export const extractors: readonly Extractor[] = [
  kernelOom,
  kernelNotices,
  kubelet,
  eventEcho,
  containerd,
  crio,
  conmon,
  docker,
  containerEvents,
  orchestrators,
  runc,
  systemd,
  systemdOomd,
  earlyoom,
  nohang,
  oomd,
  lmkd,
  talos,
  slurm,
  yarn,
  nodeProblemDetector,
  logLoss,
  ...runtimes,
]
