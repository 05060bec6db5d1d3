import { patience } from '../../dialogue/cli-driver.ts';
import type { CliShell } from '../../session/shell.ts';
import { sameText } from './text.ts';

// Files of the default folder. Sources: HPE/H3C "Managing configuration files", "Managing file systems"; Huawei NetEngine 8000
// command reference, "save", "dir", "more", "delete". `save FILE` makes no next-startup file.

const quietly = { questions: [{ ask: /\[Y\/N\]:?\s*$/i, answer: 'Y' }], unchecked: true };

/** What `dir` prints. */
export const listing = (shell: CliShell): Promise<string> => shell.send('dir', { ...patience.show, unchecked: true });

/** Keeps what runs now. @returns what the device said, which may be that it did not */
export const saveAs = (shell: CliShell, file: string): Promise<string> =>
  shell.send(`save ${file}`, { ...patience.commit, ...quietly });

/** Removes a file for good; one that is not there is no fault. */
export const removeFile = async (shell: CliShell, file: string): Promise<void> => {
  await shell.send(`delete /unreserved ${file}`, { ...patience.load, ...quietly });
};

/** Whether the device runs what is in a file; one that it does not show is not what runs. */
export const runsAs = async (shell: CliShell, file: string): Promise<boolean> => {
  const text = await shell.send(`more ${file}`, { ...patience.load, unchecked: true });
  return sameText(text, await shell.send('display current-configuration', patience.load));
};
