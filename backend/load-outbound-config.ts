import { z } from 'zod';
import { defaultOutbound, type OutboundConfig } from './config.ts';
import { isCidr } from './outbound/addresses.ts';

/** Every variable about requests that the server makes which is read, with what it is for. The README's table has the same sentences. */
export const outboundVariables = {
  /** Ranges of addresses inside your network that webhooks and the like may go to, by any port and also without TLS, such as 10.1.0.0/16. */
  OUTBOUND_ALLOW: list(
    z.string().refine(isCidr, 'must hold ranges of addresses such as 10.1.0.0/16 or 127.0.0.1/32'),
  ).default(defaultOutbound.allow),
  /** The ports that they may go to at public addresses. */
  OUTBOUND_PORTS: list(
    z
      .string()
      .regex(/^\d{1,5}$/, 'must hold ports such as 443')
      .transform(Number)
      .refine((port) => port > 0 && port <= 65_535, 'must hold ports such as 443'),
  ).default(defaultOutbound.ports),
};

type Values = z.infer<z.ZodObject<typeof outboundVariables>>;

/** The part of the configuration that is about requests that the server makes. */
export const outboundConfig = (values: Values): OutboundConfig => ({
  allow: values.OUTBOUND_ALLOW,
  ports: values.OUTBOUND_PORTS,
});

function list<T extends z.ZodType<unknown, string>>(item: T) {
  return z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter(Boolean))
    .pipe(z.array(item).max(50, 'must hold at most 50'))
    .transform((items): readonly z.output<T>[] => items);
}
