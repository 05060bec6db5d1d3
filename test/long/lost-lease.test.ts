import { lostLease } from '../drivers/lost-lease.ts';

lostLease('commit');
lostLease('undo');
