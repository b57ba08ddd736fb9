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

/** The document's own path for an address: {template, item}, or null. */
function placeOf(address) {
  const pathname = address.split('?')[0];
  for (const [template, item] of Object.entries(document.paths)) {
    const pattern = template.replace(/[.]/g, '\\.').replace(/\{format\}/g, '(?:json|xml)').replace(/\{\w+\}/g, '[^/]+');
    if (new RegExp(`^${pattern}$`).test(pathname)) return { template, item };
  }
  return null;
}

const judge = addFormats(new Ajv({ strict: false, allErrors: true }));
judge.addSchema(document, 'hotline');
export const seenAnswers = new Set(); // "POST /api/v1/requests 201"

/** Throws when the document knows no such answer to this question, or when its body does not fit. */
export function checkAnswer(method, address, { status, body }) {
  const place = placeOf(address);
  if (!place) return assert.equal(status, 404, `${address} stands nowhere in docs/openapi.json`);
  const operation = place.item[method.toLowerCase()];
  if (!operation) return assert.ok([404, 405].includes(status), `${method} ${address} stands nowhere in docs/openapi.json`);
  const answer = operation.responses[status];
  assert.ok(answer, `${method} ${place.template}: ${status} stands nowhere in docs/openapi.json\n${JSON.stringify(body)}`);
  const escape = (part) => part.replaceAll('~', '~0').replaceAll('/', '~1');
  const pointer = answer.$ref ?? `#/paths/${escape(place.template)}/${method.toLowerCase()}/responses/${status}`;
  const fits = judge.getSchema(`hotline${pointer}/content/application~1json/schema`);
  assert.ok(fits, `${method} ${place.template} ${status}: no schema`);
  assert.ok(fits(body), `${method} ${place.template} ${status} is not as documented: ${judge.errorsText(fits.errors)}\n${JSON.stringify(body)}`);
  seenAnswers.add(`${method} ${place.template} ${status}`);
}

/** Operations of a tag that nobody has seen answer well. */
export function unseenOperations(tag) {
  return Object.entries(document.paths).flatMap(([template, item]) => Object.entries(item)
    .filter(([, operation]) => operation.tags?.includes(tag))
    .filter(([method]) => ![...seenAnswers].some((seen) => seen.startsWith(`${method.toUpperCase()} ${template} 2`)))
    .map(([method]) => `${method.toUpperCase()} ${template}`));
}
