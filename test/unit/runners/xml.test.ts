import { describe, expect, it } from 'vitest';
import { child, children, descend, descendants, escapeXml, parseXml, textOf } from '../../../runners/xml.ts';

describe('an XML document of a device', () => {
  it('is read by expanded name, whatever prefix was chosen', () => {
    const one = parseXml('<nc:rpc-reply xmlns:nc="urn:x" nc:message-id="7"><nc:ok/></nc:rpc-reply>');
    const other = parseXml('<?xml version="1.0"?>\n<rpc-reply xmlns="urn:x" message-id="7"><ok/></rpc-reply>');
    expect(one).toEqual(other);
    expect(child(one, 'ok', 'urn:x')).toBeDefined();
    expect(child(one, 'ok', 'urn:y')).toBeUndefined();
  });

  it('tells text, CDATA, attributes and paths', () => {
    const root = parseXml('<a><b junos:seconds="3" xmlns:junos="urn:j"> x <c/>&lt;<![CDATA[<&]]></b><b>2</b></a>');
    expect(textOf(root, 'b')).toBe('x <<&');
    expect(child(root, 'b')?.attributes).toEqual({ seconds: '3' });
    expect(children(root, 'b').map(({ text }) => text.trim())).toEqual(['x <<&', '2']);
    expect(descend(root, 'b', 'c')).toBeDefined();
    expect(textOf(root, 'b', 'nothing')).toBeUndefined();
    expect(descendants(root, 'c')).toHaveLength(1);
  });

  it('may use a prefix whose declaration was lost when it was captured', () => {
    expect(parseXml('<a junos:style="brief"/>').attributes).toEqual({ style: 'brief' });
  });

  it('keeps text of any length', () => {
    expect(parseXml(`<a>${'x'.repeat(300_000)}</a>`).text).toHaveLength(300_000);
  });

  it.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', /document type/],
    ['an unknown entity', '<a>\n&e;</a>', /line 2/],
    ['elements that are not closed', '<a><b></a>', /Unexpected close tag/],
    ['no element', '  ', /no element/],
    ['text after the end', '<a/>XML>', /outside/],
    ['endless nesting', '<a>'.repeat(1000), /nested/],
    [
      'endless attributes',
      `<a ${'a'.repeat(9)}="" ${Array.from({ length: 200_000 }, (_, at) => `b${at}=""`).join(' ')}/>`,
      /more than 500 attributes/,
    ],
    ['an endless attribute', `<a b="${'x'.repeat(12_000_000)}"/>`, /attribValue/],
    ['endless namespaces', '<a xmlns:b="1" xmlns:c="2">'.repeat(300) + '</a>'.repeat(300), /too many namespaces/],
    [
      'namespaces over endless elements',
      `<a ${Array.from({ length: 400 }, (_, at) => `xmlns:b${at}=""`).join(' ')}>${'<b/>'.repeat(30_000)}</a>`,
      /too many namespaces/,
    ],
  ])('is refused with its line: %s', (_, text, message) => {
    expect(() => parseXml(text)).toThrow(message);
  });

  it('is written so that any text survives', () => {
    const text = `<&>"'\r]]>é`;
    expect(parseXml(`<a b="${escapeXml(text)}">${escapeXml(text)}</a>`)).toMatchObject({
      text,
      attributes: { b: text },
    });
  });
});
