import type { TSchema } from 'typebox';
import { didYouMean } from '../../engines/nearest.ts';
import { HttpProblem } from '../http/problem.ts';

type Path = readonly string[];
type Shape = TSchema & { properties?: Record<string, Shape>; anyOf?: readonly Shape[] };

const propertiesOf = ({ properties, anyOf = [] }: Shape): Record<string, Shape> | undefined =>
  properties ?? anyOf.map(propertiesOf).find(Boolean);

const checkPath = (schema: TSchema, path: Path): void => {
  let shape: Shape | undefined = schema;
  for (const [at, name] of path.entries()) {
    const known: Record<string, Shape> | undefined = shape && propertiesOf(shape);
    if (!known) return; // what is in there is nobody's to say
    if (!Object.hasOwn(known, name)) {
      const where = at === 0 ? 'there is no field' : `${path.slice(0, at).join('.')} has no field`;
      throw new HttpProblem('invalid_request', `fields: ${where} "${name}"${didYouMean(name, Object.keys(known))}`);
    }
    shape = known[name];
  }
};

const copy = (from: unknown, to: Record<string, unknown>, [name = '', ...rest]: Path): void => {
  if (typeof from !== 'object' || from === null || !Object.hasOwn(from, name)) return;
  const value = (from as Record<string, unknown>)[name];
  if (rest.length === 0 || typeof value !== 'object' || value === null) {
    to[name] = value;
    return;
  }
  const inner = typeof to[name] === 'object' && to[name] !== null ? to[name] : {};
  to[name] = inner;
  copy(value, inner as Record<string, unknown>, rest);
};

/**
 * Leaves of each record what was asked for, as `device,state.bgp` asks for two.
 *
 * @throws HttpProblem `invalid_request` for a field that no record has
 */
export const fieldsOf = (schema: TSchema, fields: string): ((record: object) => object) => {
  const paths = fields.split(',').map((field) => field.trim().split('.'));
  for (const path of paths) checkPath(schema, path);
  paths.sort((one, other) => other.length - one.length); // a whole takes the place of its parts
  return (record) => {
    const picked: Record<string, unknown> = {};
    for (const path of paths) copy(record, picked, path);
    return picked;
  };
};

/** Leaves of one record what was asked for; all of it where nothing was. @throws HttpProblem `invalid_request` */
export const pickedOf = <T extends object>(schema: TSchema, fields: string | undefined): ((record: T) => T) => {
  if (fields === undefined) return (record) => record;
  const picked = fieldsOf(schema, fields);
  return (record) => picked(record) as T; // answers with `fields` have the schema of any object
};
