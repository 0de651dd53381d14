const minute = 60_000;

/** How long ago something was, in words: `just now`, `5 min ago`, `3 h ago`, `2 days ago`. Both times in ms since 1970. */
export function ageText(then: number, now: number): string {
  const minutes = Math.floor((now - then) / minute);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  return days === 1 ? '1 day ago' : `${days} days ago`;
}
