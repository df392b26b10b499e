// The light of an idle desk: somebody waits, and this one is the one to call. Each time it comes
// on there is one chime; the words on the button say the same to whoever does not hear it.

let on = false;

// Whether the light has just come on with this snapshot.
export function cameOn(desk) {
  const before = on;
  on = desk?.light === true;
  return on && !before;
}
