import type { ServerChannel } from 'ssh2';
import type { Device } from '../device.ts';
import type { Box } from '../platform.ts';

/** Reads what the client sends: lines and counted bytes. */
class Incoming {
  #buffer = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => {};

  constructor(channel: ServerChannel) {
    channel.on('data', (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      this.#wake();
    });
    for (const event of ['end', 'close'])
      channel.on(event, () => {
        this.#ended = true;
        this.#wake();
      });
  }

  async bytes(count: number): Promise<Buffer | undefined> {
    while (this.#buffer.length < count) if (!(await this.#more())) return undefined;
    const taken = this.#buffer.subarray(0, count);
    this.#buffer = this.#buffer.subarray(count);
    return taken;
  }

  async line(): Promise<string | undefined> {
    while (!this.#buffer.includes(10)) if (!(await this.#more())) return undefined;
    return (await this.bytes(this.#buffer.indexOf(10) + 1))?.toString('utf8').trimEnd();
  }

  #more(): Promise<boolean> {
    if (this.#ended) return Promise.resolve(false);
    return new Promise((resolve) => {
      this.#wake = () => resolve(!this.#ended || this.#buffer.length > 0);
    });
  }
}

const ok = Buffer.from([0]);

const refuse = (channel: ServerChannel, message: string) => channel.write(`\x01${message}\n`);

const receive = async (channel: ServerChannel, device: Device, box: Box, target: string): Promise<void> => {
  const incoming = new Incoming(channel);
  channel.write(ok);
  for (;;) {
    const header = await incoming.line();
    if (header === undefined) return;
    if (!header.startsWith('C')) {
      channel.write(ok); // times and the like
      continue;
    }
    const [, size = '0', name = ''] = /^C\d+ (\d+) (.+)$/.exec(header) ?? [];
    const wanted = /[:/]$/.test(target) ? `${target}${name}` : target;
    const path = box.file?.(wanted, 'scp');
    if (path === undefined || device.faults.fullFlash) {
      refuse(
        channel,
        device.faults.fullFlash ? `scp: ${wanted}: No space left on device` : 'Administratively disabled.',
      );
      return;
    }
    channel.write(ok);
    const bytes = await incoming.bytes(Number(size));
    if (bytes === undefined) return;
    device.files.set(path, bytes.toString('utf8'));
    await incoming.bytes(1);
    channel.write(ok);
  }
};

const send = async (channel: ServerChannel, device: Device, box: Box, source: string): Promise<void> => {
  const incoming = new Incoming(channel);
  const path = box.file?.(source, 'scp');
  const text = path === undefined ? undefined : device.files.get(path);
  await incoming.bytes(1);
  if (text === undefined) {
    refuse(channel, `scp: ${source}: No such file or directory`);
    return;
  }
  const bytes = Buffer.from(text, 'utf8');
  channel.write(`C0644 ${bytes.length} ${source.split(/[/:]/).at(-1)}\n`);
  await incoming.bytes(1);
  channel.write(Buffer.concat([bytes, ok]));
  await incoming.bytes(1);
};

/** Serves `scp -t PATH` and `scp -f PATH`, the remote side of a copy. */
export const serveScp = async (channel: ServerChannel, device: Device, box: Box, command: string): Promise<void> => {
  const path =
    command
      .split(' ')
      .at(-1)
      ?.replace(/^["']|["']$/g, '') ?? '';
  const step = device.plan.step(command);
  if (step === undefined) await (/ -[a-z]*t/.test(command) ? receive : send)(channel, device, box, path);
  channel.exit(step === undefined ? 0 : 1);
  channel.end();
};
