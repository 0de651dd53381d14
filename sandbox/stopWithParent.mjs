// Plain JavaScript, because `npm start` needs it under Node 20 and before anything is installed.

const LOOK_EVERY_MS = 500;

/**
 * Calls back once when the process that started this one is gone. npm starts a shell that starts us: a signal to npm
 * ends the shell and never gets here. Does not keep the process alive.
 */
export function stopWithParent(stop) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, LOOK_EVERY_MS);
  timer.unref();
}
