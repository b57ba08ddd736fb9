// docs/openapi.json as a judge: whether an answer of the server is what the document says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { root } from './services.mjs';

export const document = JSON.parse(readFileSync(path.join(root, 'docs/openapi.json'), 'utf8'));

/** (kind, {status, body}) of the police door: throws when the document knows no such answer or it does not fit. */
export async function answerChecker() {
  const ajv = addFormats(new Ajv({ strict: false, allErrors: true }));
  ajv.addSchema(document, 'hotline');
  return (kind, { status, body }) => {
    const place = document.paths[`/police/v1/${kind}`] ? `/police/v1/${kind}` : null;
    if (!place) return assert.equal(status, 404);
    const answer = document.paths[place].post.responses[status];
    assert.ok(answer, `${kind}: ${status} stands nowhere in docs/openapi.json`);
    const pointer = ['paths', place, 'post', 'responses', String(status)].map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
    const fits = ajv.getSchema(answer.$ref ? `hotline${answer.$ref}/content/application~1json/schema` : `hotline#/${pointer}/content/application~1json/schema`);
    assert.ok(fits, `${kind} ${status}: no schema`);
    assert.ok(fits(body), `${kind} ${status} is not as documented: ${ajv.errorsText(fits.errors)}\n${JSON.stringify(body)}`);
  };
}

/** The document itself is OpenAPI 3.1. */
export async function validDocument(given = document) {
  const { Validator } = await import('@seriousme/openapi-schema-validator');
  const { valid, errors } = await new Validator().validate(structuredClone(given));
  assert.ok(valid, JSON.stringify(errors, null, 1));
}
