/** What a device can be selected by, besides its name: for each key the texts that it has there. */
export type Labels = Record<string, string[]>;

/** How far down in `vars` a key may point: `a.b.c`. */
export const labelLevels = 3;
/** Longer texts are no labels. */
export const labelChars = 128;
