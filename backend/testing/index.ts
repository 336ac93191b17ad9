export { startMailServer, type MailServer, type ReceivedMail } from './mail-server.ts';
export { aServerKey, type TestServerKey } from './server-keys.ts';
export { api, type Answer, type Api, type RequestInput } from './api.ts';
export { startTestBackend, testConfig, type ConfigOverrides, type TestBackend, type TestParts } from './backend.ts';
export {
  aDm,
  aFile,
  aGroup,
  aMessage,
  anAvatar,
  anUpload,
  aPicture,
  aUser,
  putBytes,
  someUsers,
  testPassword,
  type TestUpload,
  type TestUser,
} from './people.ts';
export {
  administer,
  cloneDatabase,
  createDatabase,
  dropDatabase,
  sharedTemplate,
  startTestPostgres,
  type TestPostgres,
} from './postgres.ts';
export { spawnProcess, startProcess, type ServerProcess } from './process.ts';
export { aSocket, CommandRefused, openSocket, type TestSocket } from './socket.ts';
export { aGuest, letGuestsIn, solve } from './guests.ts';
