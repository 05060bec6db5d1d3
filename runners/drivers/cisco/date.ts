const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * A date by a device's own clock, in whatever order it stands on the first line: to be subtracted from another of it.
 *
 * @returns milliseconds; NaN where there is none
 */
export const deviceDate = (text: string): number => {
  const [line = ''] = text.trim().split('\n');
  const time = /\d\d:\d\d:\d\d/.exec(line)?.[0];
  const month = months.findIndex((name) => line.includes(name)) + 1;
  const [, day = ''] = /(?:^|\s)(\d{1,2})(?=\s|,)/.exec(line) ?? [];
  const [, year] = /(?:^|\s)(\d{4})(?=\s|$)/.exec(line) ?? [];
  return Date.parse(`${year}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}T${time}Z`);
};
