import ssh2, { type Attributes, type FileEntry, type SFTPWrapper } from 'ssh2';
import type { Device } from '../device.ts';
import type { Box } from '../platform.ts';

const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;

/** Where the protocol's relative paths begin. */
const home = '/';

type Handle = { path: string; content: Buffer; write: boolean; entries?: FileEntry[] };

/** Serves SFTP on a channel: files are put, fetched, listed, renamed and removed; there are no folders to make. */
export const serveSftp = (sftp: SFTPWrapper, device: Device, box: Box): void => {
  const handles = new Map<number, Handle>();
  let next = 0;
  const named = (path: string) => box.file?.(path, 'sftp') ?? path;
  const stored = (path: string) => device.files.get(named(path));
  const below = (path: string) => named(`${path.replace(/\/+$/, '')}/`);
  const isFolder = (path: string) =>
    /^(?:\.|\/|\/(?:var|var\/tmp|var\/home\/[\w-]+|config))$/.test(path) ||
    below(path) === '' ||
    [...device.files.keys()].some((name) => name.startsWith(below(path)));
  const attributes = (text: string | undefined): Attributes => {
    const seconds = Math.floor(device.bootedAt / 1000);
    const [mode, size] = text === undefined ? [0o040755, 4096] : [0o100644, Buffer.byteLength(text)];
    return { mode, size, uid: 0, gid: 0, atime: seconds, mtime: seconds };
  };
  const say = (id: number, status: keyof typeof STATUS_CODE, message?: string) =>
    sftp.status(id, STATUS_CODE[status], message);
  const keep = (handle: Handle) => {
    if (handle.write) device.files.set(handle.path, handle.content.toString('utf8'));
  };
  const give = (id: number, handle: Handle) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(++next);
    handles.set(next, handle);
    sftp.handle(id, bytes);
  };
  const of = (bytes: Buffer) => handles.get(bytes.length === 4 ? bytes.readUInt32BE() : 0);
  const full = (id: number) => say(id, 'FAILURE', 'No space left on device');

  sftp.on('OPEN', (id, path, flags) => {
    const write = (flags & OPEN_MODE.WRITE) !== 0;
    const text = stored(path);
    const step = device.plan.step(`sftp ${write ? 'put' : 'get'} ${path}`);
    if (step !== undefined) sftp.end();
    else if (text === undefined && isFolder(path)) say(id, 'FAILURE', `${path}: Is a directory`);
    else if (text === undefined && (flags & OPEN_MODE.CREAT) === 0) say(id, 'NO_SUCH_FILE', `${path}: No such file`);
    else if (write && device.faults.fullFlash) full(id);
    else {
      const kept = (flags & OPEN_MODE.TRUNC) !== 0 ? '' : (text ?? '');
      give(id, { path: named(path), content: Buffer.from(kept), write });
    }
  });
  sftp.on('READ', (id, bytes, offset, length) => {
    const { content = Buffer.alloc(0) } = of(bytes) ?? {};
    if (offset >= content.length) say(id, 'EOF');
    else sftp.data(id, content.subarray(offset, offset + length));
  });
  sftp.on('WRITE', (id, bytes, offset, data) => {
    const handle = of(bytes);
    if (!handle?.write) return say(id, 'PERMISSION_DENIED');
    if (device.faults.fullFlash) return full(id);
    const { content } = handle;
    const gap = Buffer.alloc(Math.max(0, offset - content.length));
    handle.content = Buffer.concat([content.subarray(0, offset), gap, data, content.subarray(offset + data.length)]);
    say(id, 'OK');
  });
  sftp.on('CLOSE', (id, bytes) => {
    const handle = of(bytes);
    if (handle) keep(handle);
    handles.delete(bytes.readUInt32BE());
    say(id, 'OK');
  });
  sftp.on('OPENDIR', (id, path) => {
    if (!isFolder(path)) return say(id, 'NO_SUCH_FILE');
    const names = [...device.files.keys()].filter((name) => name.startsWith(below(path)));
    const entries = names.map((name): FileEntry => {
      const filename = name.slice(below(path).length);
      const attrs = attributes(device.files.get(name));
      return { filename, longname: `-rw-r--r-- 1 root root ${attrs.size} Nov 21 06:00 ${filename}`, attrs };
    });
    give(id, { path, content: Buffer.alloc(0), write: false, entries });
  });
  sftp.on('READDIR', (id, bytes) => {
    const handle = of(bytes);
    const entries = handle?.entries?.splice(0) ?? [];
    if (entries.length === 0) say(id, 'EOF');
    else sftp.name(id, entries);
  });
  const stat = (id: number, path: string) => {
    const text = stored(path);
    if (text === undefined && !isFolder(path)) say(id, 'NO_SUCH_FILE');
    else sftp.attrs(id, attributes(text));
  };
  sftp.on('STAT', stat);
  sftp.on('LSTAT', stat);
  sftp.on('FSTAT', (id, bytes) => sftp.attrs(id, attributes(of(bytes)?.content.toString('utf8'))));
  sftp.on('SETSTAT', (id) => say(id, 'OK'));
  sftp.on('FSETSTAT', (id) => say(id, 'OK'));
  sftp.on('REALPATH', (id, path) => {
    const filename = path === '' || path === '.' ? home : path;
    sftp.name(id, [{ filename, longname: filename, attrs: attributes('') }]);
  });
  sftp.on('REMOVE', (id, path) => say(id, device.files.delete(named(path)) ? 'OK' : 'NO_SUCH_FILE'));
  sftp.on('RENAME', (id, from, to) => {
    const text = stored(from);
    if (text === undefined || stored(to) !== undefined) return say(id, text === undefined ? 'NO_SUCH_FILE' : 'FAILURE');
    device.files.set(named(to), text);
    device.files.delete(named(from));
    say(id, 'OK');
  });
  for (const operation of ['MKDIR', 'RMDIR', 'SYMLINK', 'READLINK', 'EXTENDED'] as const)
    sftp.on(operation as 'MKDIR', (id: number) => say(id, 'OP_UNSUPPORTED'));
  sftp.on('close', () => {
    for (const handle of handles.values()) keep(handle); // what came before the connection was cut
    handles.clear();
  });
};
