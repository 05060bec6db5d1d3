import { describe, expect, it } from 'vitest';
import { shapeOf } from '../../../../core/diff/shape.ts';

const leaf1 = { asn: ['65101'], loopback: ['10.0.0.11'], peers: ['10.1.1.0', '10.2.1.0'] };
const leaf2 = { asn: ['65102'], loopback: ['10.0.0.12'], peers: ['10.1.2.0', '10.2.2.0'] };

const change = (name: string, asn: string, address: string) =>
  `@@ -12,3 +12,4 @@ router bgp ${asn}\n hostname ${name}\n router bgp ${asn}\n+   network ${address}/32\n`;

describe('the shape of a diff', () => {
  it('is the same for two devices that differ in their own name and variables, wherever the hunk stands', () => {
    const one = shapeOf(change('leaf1', '65101', '10.0.0.11'), 'leaf1', leaf1);
    const two = shapeOf(change('leaf2', '65102', '10.0.0.12').replace('-12,3 +12,4', '-40,3 +41,4'), 'leaf2', leaf2);
    expect(one).toBe(two);
    expect(one).toContain('+   network <vars.loopback>/32');
  });

  it("is another one where a device is given the other's value", () => {
    const right = shapeOf(change('leaf1', '65101', '10.0.0.11'), 'leaf1', leaf1);
    expect(shapeOf(change('leaf2', '65102', '10.0.0.11'), 'leaf2', leaf2)).not.toBe(right);
    expect(shapeOf(change('leaf2', '65101', '10.0.0.12'), 'leaf2', leaf2)).not.toBe(right);
  });

  it('is another one where a value stands that is one variable here and another one there', () => {
    const both = { a: ['1'], b: ['1'] };
    const apart = { a: ['5'], b: ['6'] };
    expect(shapeOf('+vlan 1\n', 'x', both)).not.toBe(shapeOf('+vlan 5\n', 'y', apart));
  });

  it('takes whole words alone', () => {
    expect(shapeOf('+vlan 651011\n+leaf10\n+x-65101\n', 'leaf1', leaf1)).toBe('+vlan 651011\n+leaf10\n+x-65101\n');
  });

  it('keeps a length of its own beside an address', () => {
    expect(shapeOf('+10.0.0.11/31\n', 'leaf1', leaf1)).not.toBe(shapeOf('+10.0.0.12/32\n', 'leaf2', leaf2));
  });
});
