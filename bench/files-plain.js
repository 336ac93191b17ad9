/** The least that keeps files: `node:http` that pipes bodies to disk and back. Tells its parent the port; everything else is by `PUT` and `GET`. */
import { createReadStream, createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream';

const [folder] = process.argv.slice(2);
const server = createServer((request, response) => {
  const file = join(folder, basename(request.url));
  const done = (error) => {
    if (error) response.destroy();
    else if (request.method === 'PUT') response.writeHead(204).end();
  };
  if (request.method === 'PUT') pipeline(request, createWriteStream(file), done);
  else pipeline(createReadStream(file), response, done);
});
server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));
process.on('disconnect', () => process.exit());
