// What the band at the bottom says, one message after another; a long one in parts, never cut off.
// Pure.

export const PART_MS = 10_000;
export const START = { key: null, part: 0, since: 0, seen: [] };

const holds = (notice, at) => !notice.until || Date.parse(notice.until) > at;

// A notice in the language of the screen, then in the other one.
function bothWays(notice, language) {
  const order = language === "en" ? ["en", "vi"] : ["vi", "en"];
  const texts = order.map((lang) => ({ lang, text: notice.text[lang]?.trim() }));
  const differing = texts[0].text === texts[1].text ? texts.slice(0, 1) : texts;
  return differing
    .filter(({ text }) => text)
    .map(({ lang, text }) => ({
      key: `${notice.id}/${lang}`,
      text,
      lang,
      notice: true,
      urgent: notice.urgent,
    }));
}

// Managers' notices come before the usual messages; urgent ones have the band to themselves.
export function messagesOf(notices, usual, language, at) {
  const now = notices.filter((notice) => holds(notice, at));
  const urgent = now.filter((notice) => notice.urgent);
  if (urgent.length > 0) return urgent.flatMap((notice) => bothWays(notice, language));
  return [...now.flatMap((notice) => bothWays(notice, language)), ...usual];
}

// A text in so many parts of about the same length, split between words.
export function split(text, count) {
  const words = text.split(/\s+/);
  const share = (text.length + 1) / count;
  const parts = Array.from({ length: count }, () => []);
  let at = 0;
  for (const word of words) {
    parts[Math.min(count - 1, Math.floor((at + word.length / 2) / share))].push(word);
    at += word.length + 1;
  }
  return parts.filter((part) => part.length > 0).map((part) => part.join(" "));
}

// Let time pass: a part stands for its time, then comes the next part, then the next message. A
// notice that was not there before is shown at once.
export function turn(ticker, messages, countOf, now) {
  const seen = messages.filter((one) => one.notice).map((one) => one.key);
  const news = seen.find((key) => !ticker.seen.includes(key));
  const index = messages.findIndex((one) => one.key === ticker.key);
  if (news) return { key: news, part: 0, since: now, seen };
  if (index < 0) return { key: messages[0]?.key ?? null, part: 0, since: now, seen };
  if (now - ticker.since < PART_MS) return { ...ticker, seen };
  if (ticker.part + 1 < countOf(messages[index])) {
    return { ...ticker, part: ticker.part + 1, since: now, seen };
  }
  return { key: messages[(index + 1) % messages.length].key, part: 0, since: now, seen };
}
