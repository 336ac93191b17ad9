import { command, route, type Deps, type Feature } from '../../feature.ts';
import { createUpdateReceipt } from './update-receipt.ts';

export { tellReceipt } from './tell-receipt.ts';

/** How far everybody has received and read. */
export const createReceipts = (deps: Deps): Feature => {
  const updateReceipt = createUpdateReceipt(deps);
  return {
    routes: [
      route('PUT /conversations/:conversationId/receipt', async ({ session, params, body }) => ({
        status: 200,
        body: await updateReceipt(session, { ...params, ...body }),
      })),
    ],
    commands: [command('receipt.update', ({ session, data }) => updateReceipt(session, data))],
  };
};
