import { type Document, parseDocument, type ScalarTag, type Tags } from 'yaml';

/** Tag and, where a tag has several, format → what PyYAML takes for it, which is less than YAML 1.1 says. */
const plain: readonly [tag: string, format: string | undefined, sample: string, test: RegExp][] = [
  ['bool', undefined, 'yes', /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/],
  ['bool', undefined, 'no', /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/],
  ['int', undefined, '10', /^[-+]?(?:0|[1-9][0-9_]*)$/],
  ['float', 'EXP', '1.0e+3', /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)[eE][-+][0-9]+$/],
  ['float', undefined, '1.5', /^[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)$/],
];

const isScalarTag = (tag: Tags[number]): tag is ScalarTag => typeof tag === 'object' && 'test' in tag;

const asPyYaml = (tags: Tags): Tags =>
  tags
    .filter((tag) => typeof tag === 'string' || !tag.tag.endsWith(':timestamp'))
    .map((tag) => {
      if (!isScalarTag(tag)) return tag;
      const known = plain.find(
        ([name, format, sample]) =>
          tag.tag.endsWith(`:${name}`) && tag.format === format && tag.test?.test(sample) === true,
      );
      return known ? { ...tag, test: known[3] } : tag;
    });

const read = (text: string): Document =>
  parseDocument(text, { version: '1.1', uniqueKeys: false, customTags: asPyYaml });

/** Each flow collection in one line: PyYAML lets it go on at any indent. */
const flowInOneLine = (text: string): string => {
  let depth = 0;
  return text.replace(/"(?:[^"\\]|\\.)*"|'[^']*'|[[{}\]]|(?<!\s)\s*\n\s*/g, (part) => {
    if (part === '[' || part === '{') depth++;
    if (part === ']' || part === '}') depth--;
    return depth > 0 && part.trim() === '' ? ' ' : part;
  });
};

/**
 * Reads YAML as PyYAML does, in which people write validation files: `y` and `1e3` are texts, of two equal keys the
 * later one counts, and a flow collection may go on at any indent. A date stays a text.
 *
 * @returns the document with its errors
 */
export const parsePyYaml = (text: string): Document => {
  const document = read(text);
  if (document.errors.length === 0) return document;
  const again = read(flowInOneLine(text));
  return again.errors.length === 0 ? again : document;
};
