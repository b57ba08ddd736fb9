// Finds entries of a catalogue by Chinese substring or by pinyin initials, best first.

export interface Choice<Value> {
  value: Value;
  label: string;
  /** Shown beside the label: the group, the place above, the department's kind. */
  hint: string;
  /** Pinyin initials of the label, lower case. */
  py: string;
  /** Other words that lead here, less strongly than the label. */
  words: string;
}

const NOT = 0;

/** How well one word fits; 0 = not at all. */
function wordScore(word: string, choice: Choice<unknown>): number {
  if (choice.label === word) return 100;
  if (choice.label.startsWith(word)) return 80;
  if (choice.label.includes(word)) return 60;
  if (choice.py === word) return 70;
  if (choice.py.startsWith(word)) return 50;
  if (choice.py.includes(word)) return 40;
  if (choice.hint.includes(word)) return 30;
  return choice.words.includes(word) ? 20 : NOT;
}

function score(words: readonly string[], choice: Choice<unknown>): number {
  let sum = 0;
  for (const word of words) {
    const one = wordScore(word, choice);
    if (one === NOT) return NOT;
    sum += one;
  }
  return sum;
}

/** Every word typed must fit; equal fits stay in catalogue order. */
export function searchChoices<Value>(
  choices: readonly Choice<Value>[],
  typed: string,
  limit: number,
): Choice<Value>[] {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return choices.slice(0, limit);
  return choices
    .map((choice, place) => ({ choice, place, score: score(words, choice) }))
    .filter((one) => one.score > NOT)
    .sort((a, b) => b.score - a.score || a.place - b.place)
    .slice(0, limit)
    .map((one) => one.choice);
}
