const place = 'plumb-theme';
const root = document.documentElement;

/** Shows the theme that was chosen here before; else what the system prefers. */
export const startTheme = (): void => {
  const chosen = localStorage.getItem(place);
  if (chosen === 'light' || chosen === 'dark') root.dataset.theme = chosen;
};

/** From light to dark, or back. */
export const turnTheme = (): void => {
  const isDark = root.dataset.theme
    ? root.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = isDark ? 'light' : 'dark';
  localStorage.setItem(place, root.dataset.theme);
};
