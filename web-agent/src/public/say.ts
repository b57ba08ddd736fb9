// Words for the page, and the clipboard that may be missing.

/** Beijing time, whatever the phone is set to. */
export function moment(at: number | null): string {
  return at === null ? '' : new Date(at + 28_800_000).toISOString().slice(0, 16).replace('T', ' ');
}

/** The number of a ticket (18 digits) or of a case in groups that can be read aloud. */
export function grouped(number: string): string {
  return number.replace(/^(YJS)?(\d{4})(\d{8})(\d{6})$/, (_, kind: string | undefined, ...parts: string[]) =>
    [kind, ...parts.slice(0, 3)].filter(Boolean).join(' '));
}

export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
