import { killsOnRouters } from '../kills/routers.ts';
import { killSteps } from '../runner-process.ts';

killsOnRouters(Number(process.env.PLUMB_KILLS ?? 100), killSteps);
