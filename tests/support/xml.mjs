// XML read strictly: what is not well-formed throws. An element becomes {name, children, text}.
import { SaxesParser } from 'saxes';

export function parseXml(text) {
  const parser = new SaxesParser({ xmlns: false });
  const root = { name: '', children: [], text: '' };
  const open = [root];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes, children: [], text: '' };
    open.at(-1).children.push(element);
    open.push(element);
  });
  parser.on('text', (more) => (open.at(-1).text += more));
  parser.on('closetag', () => open.pop());
  parser.write(text).close();
  return root.children[0];
}

/** The Spark convention: a container of one repeated kind is a list, everything else an object. */
export function sparkOf(element, lists) {
  if (element.name in lists) {
    for (const child of element.children)
      if (child.name !== lists[element.name]) throw new Error(`${child.name} in ${element.name}`);
    return element.children.map((child) => sparkOf(child, lists));
  }
  if (element.children.length === 0) return element.text === '' ? null : element.text;
  return Object.fromEntries(element.children.map((child) => [child.name, sparkOf(child, lists)]));
}
