// The screen's token: handed over once in the address, kept, and stripped from the address.

export function takeToken(centre) {
  const key = `layso.hall.token.${centre}`;
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    localStorage.setItem(key, given);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return given ?? localStorage.getItem(key);
}
