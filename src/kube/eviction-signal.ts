/** `memory.available`, `allocatableMemory.available`, `memory`: a signal of memory, not of storage or process ids (pkg/kubelet/eviction/api/types.go). */
export const isMemorySignal = (signal: string | null | undefined): boolean => signal?.toLowerCase().includes('memory') === true
