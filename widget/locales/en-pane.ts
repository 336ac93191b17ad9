/** English for everything inside an open conversation. */
export const enPane = {};
