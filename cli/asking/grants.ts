import { Option } from 'commander';
import { accessRoles, type Grant } from '../../core/access.ts';
import { PlumbError } from '../../core/errors.ts';
import { didYouMean } from '../../engines/nearest.ts';

/** `operator@role=leaf`: a role, and after the first @ the devices. @throws PlumbError `invalid_request` */
export const grantOf = (text: string): Grant => {
  const [, word = '', on] = /^([^@]*)(?:@([\s\S]*))?$/.exec(text) ?? [];
  const role = accessRoles.find((each) => each === word);
  if (!role) {
    const hint = `${accessRoles.join(', ')}; for some devices only: 'operator@role=leaf'`;
    throw new PlumbError('invalid_request', `--role ${text}: no such role${didYouMean(word, accessRoles)}`, { hint });
  }
  return on === undefined ? { role } : { role, on };
};

/** A grant as `--role` takes it. */
export const grantText = ({ role, on }: Grant): string => (on === undefined ? role : `${role}@${on}`);

/** `--role`, once for each role. */
export const roleOption = (): Option =>
  new Option('--role <role[@selector]>', 'what it may do, and on which devices; repeatable').argParser(
    (text: string, before: string[] | undefined) => [...(before ?? []), text],
  );

const units = { h: 3_600_000, d: 86_400_000 } as const;

/** `90d`, `12h`, or a time in RFC 3339. @returns RFC 3339 @throws PlumbError `invalid_request` */
export const expiryOf = (text: string): string => {
  const [, count, unit] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
  const at = count && unit ? Date.now() + Number(count) * units[unit as keyof typeof units] : Date.parse(text);
  if (!Number.isNaN(at)) return new Date(at).toISOString();
  throw new PlumbError('invalid_request', `--expires ${text}: not a time`, {
    hint: '90d, 12h, or 2027-03-01T00:00:00Z',
  });
};
