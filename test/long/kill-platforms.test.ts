import { type Kill, killsOnPlatforms } from '../kills/platforms.ts';
import { killSteps } from '../runner-process.ts';

/** Devices are away from each other in how far a step has come: seven writes lie between them. */
const kills = (round: number): Kill[] =>
  killSteps.map((step, at) => ({
    title: `${step}, ${round === 0 ? 'at its beginning' : `some way into it (${round})`}`,
    moment: (index) => ({ step, writes: round === 0 ? 0 : 1 + ((at + round * 5 + index * 2) % 7) }),
  }));

const rounds = Number(process.env.PLUMB_ROUNDS ?? 2);
killsOnPlatforms(Array.from({ length: rounds }, (_, round) => kills(round)).flat(), true);
