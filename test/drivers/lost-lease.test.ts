import { lostLease } from './lost-lease.ts';

lostLease('confirm');
