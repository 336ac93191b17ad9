import { branding as brandingForm, type Branding } from '../../../protocol/sites.ts';
import type { Queries } from '../../database/transaction.ts';

/** How a site looks; `undefined` where it looks like any other, or what is written of it cannot be read. */
export const readBranding = async (queries: Queries, siteId: string): Promise<Branding | undefined> => {
  const [row] = await queries.query<{ branding: unknown }>(
    'site_branding',
    `select branding from sites where id = $1 and branding <> '{}'`,
    [siteId],
  );
  return row && brandingForm.safeParse(row.branding).data;
};
