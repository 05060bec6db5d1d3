/** What replaces a secret; the same everywhere, so that unchanged secrets compare equal. */
export const mask = '<secret>';

/** Shorter values would mask half of any text. */
const minLength = 4;

let secrets: readonly string[] = [];

/** The forms in which a value may appear: as it is, inside JSON, inside a URL; for a key file also each line. */
const formsOf = (value: string): string[] => {
  const lines = value.split(/\r?\n/).filter((line) => line.length >= 16 && !line.startsWith('-----'));
  const texts = value.includes('\n') ? [value, value.trim(), ...lines] : [value];
  return texts.flatMap((text) => [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text)]);
};

/** Makes sure that a resolved secret never appears in any text again. Values under 4 characters are not masked. */
export const registerSecret = (value: string): void => {
  const known = new Set(secrets);
  for (const form of formsOf(value)) if (form.trim().length >= minLength) known.add(form);
  // longest first: one secret may be a part of another
  if (known.size > secrets.length) secrets = [...known].sort((a, b) => b.length - a.length);
};

/** Forgets all registered secrets: for tests. */
export const forgetSecrets = (): void => {
  secrets = [];
};

/** Masks the registered secrets, wherever they stand; the number of lines stays. */
export const maskRegistered = (text: string): string => {
  let masked = text;
  for (const secret of secrets) {
    if (masked.includes(secret))
      masked = masked.replaceAll(secret, () => mask + '\n'.repeat(secret.split('\n').length - 1));
  }
  return masked;
};
