import { platformSecrets } from './platforms/all.ts';
import { shapesWith } from './shapes.ts';
import { harmlessIndex, type PlatformSecrets, statementIndex } from './statements.ts';

const known = new Map<string, PlatformSecrets>(Object.entries(platformSecrets));

const build = () => {
  const all = [...known.values()];
  return {
    statements: statementIndex(all.flatMap(({ statements }) => statements)),
    harmless: harmlessIndex(all),
    shapesIn: shapesWith(all.flatMap(({ shapes = [] }) => shapes)),
  };
};

let built: ReturnType<typeof build> | undefined;

/**
 * Takes up what a platform says about its secrets: from then on they are masked in every text, whatever its platform.
 */
export const registerPlatformSecrets = (platform: string, secrets: PlatformSecrets): void => {
  known.set(platform, secrets);
  built = undefined;
};

/** The statements of all platforms, ready to be matched. */
export const allSecrets = (): ReturnType<typeof build> => {
  built ??= build();
  return built;
};
