// Follows one centre over Socket.IO. It only tells what happened; what a page of staff shows is
// always one snapshot that it asks for over HTTP, and the pictures that are sent whole.

import io from "/look/vendor/socket.io.js";

const SILENT_MS = 6000;
const ACK_MS = 3000;

// `pictures` names what is sent whole beside the changes (help, notices, devices, advice).
export function follow(
  { centre, token, pictures = [], onUp, onDown, onChange, onPulse, onPicture },
) {
  const socket = io({
    path: "/socket.io",
    transports: ["websocket"],
    auth: (done) => token().then((value) => done({ token: value })),
    reconnectionDelay: 500,
    reconnectionDelayMax: 2000,
    timeout: 3000,
  });
  let heardAt = 0;
  let watching = false;

  function down() {
    watching = false;
    onDown(heardAt || Date.now());
  }

  async function watch() {
    try {
      const answer = await socket.timeout(ACK_MS).emitWithAck("watch", { centre });
      if (!answer || (!answer.board && !answer.changes)) throw new Error("watch was refused");
      heardAt = Date.now();
      watching = true;
      onUp();
    } catch {
      // No acknowledgement: start over from the connection, which retries by itself.
      if (socket.connected) socket.disconnect().connect();
    }
  }

  socket.on("connect", watch);
  socket.on("disconnect", (reason) => {
    down();
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), 1000);
  });
  socket.on("connect_error", () => {
    down();
    // A refusal by the server (an old token) is final for the client: try again with a new one.
    if (!socket.active) setTimeout(() => socket.connect(), 2000);
  });
  socket.on("change", (change) => {
    heardAt = Date.now();
    onChange(change);
  });
  // Each picture is whole, and the newest is the truth.
  for (const name of pictures) socket.on(name, (picture) => onPicture(name, picture));
  socket.on("pulse", (pulse) => {
    heardAt = Date.now();
    onPulse(pulse.seq);
  });

  const watchdog = setInterval(() => {
    if (watching && Date.now() - heardAt > SILENT_MS) socket.disconnect().connect();
  }, 1000);

  return () => {
    clearInterval(watchdog);
    socket.close();
  };
}
