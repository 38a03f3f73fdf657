import { runtimeExtractor } from './define-runtime.ts'

export const shell = runtimeExtractor('shell', [
  {
    literal: 'fork: Cannot allocate memory',
    shape: /(?<!background: )(?<detail>fork: Cannot allocate memory)$/,
    what: 'allocation-refused',
  },
  {
    // `Resource temporarily unavailable` there is EAGAIN: a limit of processes (pids.max, ulimit -u), no memory.
    literal: 'fork: retry: Cannot allocate memory',
    shape: /(?<detail>fork: retry: Cannot allocate memory)/,
    what: 'allocation-refused',
  },
  { literal: 'malloc: cannot allocate', shape: /(?<detail>xmalloc: cannot allocate \d+ bytes)/, what: 'allocation-refused' },
  // Perl
  { literal: 'Out of memory!', shape: /^(?<detail>Out of memory!)$/, what: 'allocation-refused' },
  // `run.sh: line 3:     7 Killed                  java -jar x.jar`
  { literal: ' Killed ', shape: /line \d+: +(?<pid>\d+) (?<detail>Killed {2,}(?<command>\S.*))$/, what: 'child-killed' },
  { literal: 'Killed', shape: /^(?<detail>Killed)$/, what: 'child-killed' },
])

/** Container runtimes and the kubelet say such things of containers; those are read elsewhere. */
const notInfrastructure = /^(?!.*(?:kube|containerd|conmon|dockerd|crio|podman|systemd|k3s|rke2))/

/** Compilers and build tools that saw a tool of theirs die of SIGKILL. */
export const compiler = runtimeExtractor('compiler', [
  { literal: 'Killed signal terminated program', shape: /(?<detail>Killed signal terminated program \S+)/, what: 'child-killed' },
  {
    literal: 'internal compiler error: Killed',
    shape: /(?<detail>internal compiler error: Killed \(program [^)]+\))/,
    what: 'child-killed',
  },
  { literal: 'terminated with signal 9 [Killed]', shape: /(?<detail>\S{1,60} terminated with signal 9 \[Killed\])/, what: 'child-killed' },
  { literal: '(signal: 9, SIGKILL', shape: /(?<detail>\(signal: 9, SIGKILL: kill\))/, what: 'child-killed' },
  { literal: ': signal: killed', shape: /(?<detail>\S{1,120}: signal: killed)$/, what: 'child-killed', by: notInfrastructure },
  { literal: 'virtual memory exhausted', shape: /(?<detail>virtual memory exhausted: Cannot allocate memory)/, what: 'allocation-refused' },
])

/** Build systems that saw 137, which is any SIGKILL: evidence of nothing by itself. */
export const ci = runtimeExtractor('ci', [
  { literal: ' Error 137', shape: /(?<detail>g?make(?:\[\d+\])?: \*\*\* \[.{0,400}\] Error 137)/, what: 'child-killed' },
  {
    literal: 'exit code 137',
    shape: /(?<detail>(?:Job failed: |terminated with |exited with |returned |failed with )?exit code 137)\b/,
    what: 'child-killed',
    by: notInfrastructure,
  },
  { literal: 'exit status 137', shape: /(?<detail>exit status 137)\b/, what: 'child-killed', by: notInfrastructure },
  { literal: 'daemon disappeared unexpectedly', shape: /(?<detail>Gradle build daemon disappeared unexpectedly)/, what: 'child-killed' },
  { literal: 'has received a shutdown signal', shape: /(?<detail>The runner has received a shutdown signal)/, what: 'terminated' },
])
