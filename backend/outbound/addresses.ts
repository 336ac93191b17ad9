import ipaddr from 'ipaddr.js';
import type { OutboundConfig } from '../config.ts';

/** True when the text is a range of addresses such as `10.0.0.0/8`. */
export const isCidr = (text: string): boolean => ipaddr.isValidCIDR(text);

/** Where a request is about to go. */
export interface Destination {
  /** An IP address; names are resolved before. */
  readonly address: string;
  readonly port: number;
  readonly secure: boolean;
}

/**
 * Makes the rule of where requests may go: to addresses that the operator names by any port and scheme, to all others that are public by https on
 * the ports that are set. Answers why not, in words that tell nothing of the network.
 */
export const createAddressRule = ({ allow, ports }: OutboundConfig): ((to: Destination) => string | undefined) => {
  const ranges = allow.map((range) => ipaddr.parseCIDR(range));
  const isAllowed = (address: Address): boolean =>
    ranges.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits));

  return ({ address: text, port, secure }) => {
    const address = parse(text);
    if (!address) return 'its address cannot be read';
    if (isAllowed(address)) return undefined;
    if (address.range() !== 'unicast' || isInside(address)) return 'its address is not a public one';
    if (!secure) return 'it must be https';
    return ports.includes(port) ? undefined : `port ${port} is not one that requests may go to`;
  };
};

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** An IPv4 address that is written as an IPv6 one counts as what it is. */
const parse = (text: string): Address | undefined => (ipaddr.isValid(text) ? ipaddr.process(text) : undefined);

// Public by their range, and yet inside: the address by which Azure serves its machines, and IPv6 with an IPv4 address in it (RFC 4291 §2.5.5.1).
const inside = ['168.63.129.16/32', '::/96'].map((range) => ipaddr.parseCIDR(range));

const isInside = (address: Address): boolean =>
  inside.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits));
