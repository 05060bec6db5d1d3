/** What steers a terminal (C0, DEL, C1) or turns its writing around; line ends and tabs are none of these. */
export const controls = /[^\P{Cc}\t\n]|\p{Bidi_Control}/gu;

/** The same JSON with these characters written as escapes: a reader gets them back, a terminal does not obey them. */
export const escapeControls = (json: string): string =>
  json.replace(controls, (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
