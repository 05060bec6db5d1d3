/** The views that there are, in the order in which they are named everywhere. */
export const views = [
  { href: '/', name: 'Fleet', press: 'f', covers: (path: string) => path === '/' || path.startsWith('/devices/') },
  { href: '/topology', name: 'Topology', press: 't', covers: (path: string) => path === '/topology' },
  { href: '/bgp', name: 'BGP', press: 'b', covers: (path: string) => path === '/bgp' },
  { href: '/run', name: 'Run', press: 'r', covers: (path: string) => path === '/run' },
  { href: '/activity', name: 'Activity', press: 'a', covers: (path: string) => path.startsWith('/activity') },
] as const;
