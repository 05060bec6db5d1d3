import { escapeXml } from '../../protocols/netconf/xml.ts';

/** An element with a text. */
export const leaf = (name: string, value: string | number | boolean): string =>
  `<${name}>${escapeXml(String(value))}</${name}>`;

/** An element with others in it. */
export const node = (name: string, ...inside: readonly string[]): string => `<${name}>${inside.join('')}</${name}>`;

/** The namespace of one of Cisco's models. */
export const modelOf = (model: string): string => `http://cisco.com/ns/yang/${model}`;

/** The top of a model's tree. */
export const space = (name: string, model: string, ...inside: readonly string[]): string =>
  `<${name} xmlns="${modelOf(model)}">${inside.join('')}</${name}>`;
