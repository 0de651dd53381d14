'use strict';
/** Ends this process when its parent is gone. The native module asks from a thread; a timer is enough here. */
const PARENT_GONE = 87;
const watched = new Set();
exports.start = (parentId) => {
  if (watched.has(parentId)) return;
  watched.add(parentId);
  setInterval(() => {
    try {
      process.kill(parentId, 0);
    } catch {
      process.exit(PARENT_GONE);
    }
  }, 1000).unref();
};
