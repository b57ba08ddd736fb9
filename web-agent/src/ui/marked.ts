// The words that petitions share, marked in a title. The server folds case and drops signs; titles keep them.

export interface Piece {
  text: string;
  shared: boolean;
}

/** words: separated by "|". The pieces put together are the title. */
export function markedPieces(title: string, words: string): Piece[] {
  const wanted = words.split('|').filter((word) => word.length > 1);
  const lower = title.toLowerCase();
  const shared = new Array<boolean>(title.length).fill(false);
  for (const word of wanted)
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) shared.fill(true, at, at + word.length);
  const pieces: Piece[] = [];
  for (let at = 0; at < title.length; at++) {
    const last = pieces[pieces.length - 1];
    if (last && last.shared === shared[at]) last.text += title[at];
    else pieces.push({ text: title[at] ?? '', shared: shared[at] ?? false });
  }
  return pieces;
}
