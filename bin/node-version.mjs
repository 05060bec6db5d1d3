// Runs before anything else: plain JavaScript, and no syntax newer than Node 16.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `plumb: this is Node ${process.versions.node} (${process.execPath}), and 20.19 or newer is needed\n` +
      '  → https://nodejs.org/en/download, or `nvm install --lts`\n',
  );
  process.exit(2);
}
