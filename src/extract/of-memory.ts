/** Whether an event of Kubernetes speaks of memory that ran out: by its reason (`OOMKilling`, `Evicted`, `Preempting`, `OutOfmemory`), else by its message. */
export const speaksOfMemory = (reason: string, message: string): boolean =>
  /OOM|Evict|Preempt|OutOf/.test(reason) || /\bOOM|memory/i.test(message)
