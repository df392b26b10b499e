// The other pages of whoever has several: a manager works at each of them.

const ADDRESSES = {
  live: (centre) => `/manage/${centre}`,
  desk: () => "/desk",
  greet: () => "/greet",
  admin: () => "/admin",
};

// Name and address of each page but the one that is open, for the menu in its head.
export function otherPages(session, here) {
  if (session?.role !== "manager") return [];
  return Object.entries(ADDRESSES).filter(([name]) => name !== here)
    .map(([name, address]) => [name, address(session.centre)]);
}
