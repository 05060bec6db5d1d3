import { go, withQuery } from '../../shell/route.ts';

type Props = {
  word: string;
  /** The parameter of the address that holds what is chosen. */
  name: string;
  value: string;
  options: readonly { id: string; name: string }[];
};

/** One of the configurations that a device has; a job that is not among the last ones stays what it is. */
export const Choose = ({ word, name, value, options }: Props) => (
  <label class="choose">
    <span class="quiet">{word}</span>
    <select value={value} onChange={({ currentTarget }) => go(withQuery({ [name]: currentTarget.value }), 'replace')}>
      {!options.some(({ id }) => id === value) && <option value={value}>before job {value.slice(0, 12)}</option>}
      {options.map((one) => (
        <option key={one.id} value={one.id}>
          {one.name}
        </option>
      ))}
    </select>
  </label>
);
