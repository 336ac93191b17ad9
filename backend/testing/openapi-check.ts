import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import * as formats from 'ajv-formats';
import { openApiDocument } from '../http/openapi.ts';

const document = openApiDocument();
const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default.default(ajv);
ajv.addSchema(document, 'openapi');
const validators = new Map<string, ValidateFunction>();

/** Throws unless the API's description says that this route can answer so: with this status, this media type and such a body. */
export const checkAgainstOpenApi = (key: string, status: number, contentType: string | null, body: unknown): void => {
  const [method = '', path = ''] = key.split(' ');
  const place = path.replace(/:(\w+)/g, '{$1}');
  const response = document.paths[place]?.[method.toLowerCase()]?.responses[String(status)];
  const complain = (what: string): never => {
    throw new Error(
      `${key} answered ${status}, which does not agree with the API's description; ${what}: ${JSON.stringify(body)?.slice(0, 2000)}`,
    );
  };
  if (response === undefined) return complain('no such status');
  if (response.content === undefined) return body === undefined ? undefined : complain('it should have no body');
  const type = contentType?.split(';')[0]?.trim() ?? '';
  if (response.content[type] === undefined) return complain(`not as ${type || 'nothing'}`);
  const steps = ['paths', place, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema'];
  const pointer = `openapi#/${steps.map((step) => encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
  let validate = validators.get(pointer);
  if (validate === undefined) {
    validate = ajv.compile({ $ref: pointer });
    validators.set(pointer, validate);
  }
  if (!validate(body)) complain(ajv.errorsText(validate.errors));
  return undefined;
};
