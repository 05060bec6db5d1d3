import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * Reads a file that may in fact be anything. A pipe, a device node or a kernel file may never answer, and a blocked
 * read holds one of the process's few threads, even on a signal: so it never blocks.
 *
 * @returns undefined if it is not a regular file
 * @throws the system's error
 */
export const readRegular = async (path: string): Promise<Buffer | undefined> => {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return (await file.stat()).isFile() ? await file.readFile() : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined; // such as /proc/kmsg, which claims to be one
    throw error;
  } finally {
    await file.close();
  }
};
