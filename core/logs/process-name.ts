import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** A name for a process of which there may be several. @param of the host's where none is given */
export const processName = (of = hostname()): string => `${of}-${randomBytes(3).toString('hex')}`;
