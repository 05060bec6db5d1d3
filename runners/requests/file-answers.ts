import type { Request } from '../../core/bus.ts';
import { defined } from '../../core/defined.ts';
import { explain, type FailureCode, PlumbError } from '../../core/errors.ts';
import { getStoredJob } from '../../core/store/jobs.ts';
import { sha256 } from '../../core/store/payload.ts';
import type { DeviceFile, Session } from '../driver.ts';
import { JobRecord } from '../holding/job-record.ts';
import type { DeviceLoop } from '../loop/device-loop.ts';
import { changeDevice } from './change.ts';
import { FileParts } from './file-parts.ts';
import { type Answer, type Asker, recorded } from './recorded.ts';

const underWay = new WeakMap<DeviceLoop, FileParts>();

/** Ends the record of a file that never came whole; that of one which was fetched is finished already. */
const giveUp = async (loop: DeviceLoop, job: string, code: FailureCode, detail: string): Promise<void> => {
  const { store, device } = loop.context;
  const known = await getStoredJob(store, job, device.name).catch(() => undefined);
  if (!known?.job || known.job.state === 'finished') return;
  await new JobRecord(loop.context, known.job, known.seq).finish({ kind: 'failed', code, detail });
};

const partsOf = (loop: DeviceLoop): FileParts => {
  const never = `${loop.context.device.name}: the rest of the file never arrived`;
  const found =
    underWay.get(loop) ?? new FileParts(loop.context.device.name, (job) => void giveUp(loop, job, 'abandoned', never));
  underWay.set(loop, found);
  return found;
};

const lacks = ({ context: { device, driver } }: DeviceLoop): never => {
  throw new PlumbError('unsupported', `${device.name}: ${driver.platform} cannot transfer single files`, {
    hint: '`plumb platforms -o wide` shows which can, under FILES',
  });
};

/** Content that fits a message as base64 in JSON, with room for the rest. */
const partBytes = ({ context: { store } }: DeviceLoop): number =>
  Math.floor((store.nc.info?.max_payload ?? 1024 * 1024) / 2);

/** Fetches a file. The record tells which and what it was, the answer holds its bytes: they are in no record. */
export const getFile = async (
  loop: DeviceLoop,
  { path, offset = 0 }: Request<'file-get'>,
  asker: Asker,
): Promise<Answer> => {
  if (!loop.context.driver.capabilities.files) lacks(loop);
  const parts = partsOf(loop);
  const most = partBytes(loop);
  if (offset > 0) return { offset, content: parts.part(asker.job, offset, most) };
  let file: DeviceFile | undefined;
  const answer = await recorded(loop, 'file-get', asker, { path }, async (_, turn) => {
    file = await loop.context.warm.use(async (session) => session.download?.(path) ?? lacks(loop), turn);
    const { content, ...told } = file;
    return { path, size: content.length, ...told };
  });
  const content = file?.content ?? Buffer.alloc(0);
  if (content.length > most) parts.keep(String(answer.job), content);
  return { ...answer, offset, content: content.subarray(0, most) };
};

const replaceFile = (loop: DeviceLoop, request: Request<'file-put'>, asker: Asker, content: Buffer) => {
  const { path, mode, size, sha256: wanted } = request;
  const asked = { path, size, sha256: wanted, ...defined({ mode }) };
  return recorded(loop, 'file-put', asker, asked, async (record, turn) => {
    const { lease, device } = loop.context;
    const { job } = record;
    if (sha256(content) !== wanted)
      throw new PlumbError('invalid_request', `${device.name}: ${path}: the received file has another SHA-256`);
    const options = { ...defined({ mode }), job: job.id, epoch: lease.epoch, fence: lease.assert };
    const upload = async (session: Session) => session.upload?.(path, content, options) ?? lacks(loop);
    const placed = await changeDevice(loop, record, upload, turn);
    return { path, size, sha256: wanted, ...placed };
  });
};

/** Replaces a file once all of it has come. */
export const putFile = async (loop: DeviceLoop, request: Request<'file-put'>, asker: Asker): Promise<Answer> => {
  const { size, offset, content } = request;
  try {
    if (!loop.context.driver.capabilities.files) lacks(loop); // before much is sent for nothing
    const part = Buffer.from(content, 'base64');
    const whole = partsOf(loop).take(asker.job, size, offset, part);
    if (!whole) return { received: offset + part.length };
    return await replaceFile(loop, request, asker, whole);
  } catch (error) {
    if (error instanceof PlumbError && asker.job) await giveUp(loop, asker.job, error.code, explain(error));
    throw error;
  }
};
