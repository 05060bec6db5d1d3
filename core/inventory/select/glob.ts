/** Whether a pattern can match more than itself. */
export const isGlob = (pattern: string): boolean => /[*?]|\[[^[\]]+\]/.test(pattern);

const inClass = (members: string, char: string): boolean => {
  const negated = /^[!^]/.test(members);
  const found = [...members.slice(negated ? 1 : 0).matchAll(/(.)-(.)|(.)/gu)].some(([, from, to, one]) =>
    one === undefined ? from !== undefined && to !== undefined && from <= char && char <= to : one === char,
  );
  return found !== negated;
};

/**
 * Whether a text is what a pattern describes, whole: `*` any characters, `?` one, `[a-c3]` one of these, `[!a]` none of
 * them. Backtracks only to the last `*`, so that no pattern takes long.
 */
export const glob = (pattern: string, text: string): boolean => {
  const parts = pattern.match(/\[[^[\]]+\]|[\s\S]/g) ?? [];
  const fits = (part: string, char: string): boolean =>
    part === '?' || (part.length > 1 ? inClass(part.slice(1, -1), char) : part === char);
  let [at, from, star, retry] = [0, 0, -1, 0];
  while (from < text.length) {
    const part = parts[at];
    if (part === '*') [star, retry, at] = [at, from, at + 1];
    else if (part !== undefined && fits(part, text[from] ?? '')) [at, from] = [at + 1, from + 1];
    else if (star >= 0) [retry, at, from] = [retry + 1, star + 1, retry + 1];
    else return false;
  }
  return parts.slice(at).every((part) => part === '*');
};
