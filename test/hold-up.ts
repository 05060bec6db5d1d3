/** This whole process does nothing for so long, as on a machine that is busy with others. */
export const holdUp = (ms: number) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
