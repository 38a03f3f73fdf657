/** Whether an event of Kubernetes may tell of memory that ran out: by its reason (`OOMKilling`, `Evicted`, `Preempting`, `OutOfmemory`), else by its message. */
export const mayTellOfMemory = (reason: string, message: string): boolean =>
  /OOM|Evict|Preempt|OutOf/.test(reason) || /\bOOM|memory/i.test(message)
