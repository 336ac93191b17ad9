/** The full address of what the server named: where it does not know its own origin, it names paths under the one that it was reached by. */
export const addressOf = (server: string, address: string): string =>
  address.startsWith('/') ? server.replace(/\/+$/, '') + address : address;

/** Somebody or something with a picture, whose address is full. */
export const withPicture = <T extends { readonly avatarUrl?: string | undefined }>(server: string, one: T): T =>
  one.avatarUrl === undefined ? one : { ...one, avatarUrl: addressOf(server, one.avatarUrl) };
