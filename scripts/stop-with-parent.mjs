// Imported before a supervised process's own program (`node --import`): makes sure that it ends with its supervisor,
// however that ended, and that a stop takes 3 s at most. Event streams stay open as long as their viewers like, so a
// server that waits for its last connection would never end.
const GRACE_MS = 3000;

function stopInTime() {
  setTimeout(() => process.exit(0), GRACE_MS).unref();
}

// Undefined where there never was a channel; false when the supervisor was gone before we could listen.
if (process.connected === false) process.exit(1);
// Next's and tsx's own children inherit the import, and their channels are none of our business.
if (process.ppid === Number(process.env.LIVEHOUSE_SUPERVISOR)) {
  process.on("SIGTERM", stopInTime);
  process.on("SIGINT", stopInTime);
  process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel?.unref();
}
