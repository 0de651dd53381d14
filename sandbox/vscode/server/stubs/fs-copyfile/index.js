'use strict';
/** Copy-on-write file copies, which only the built-in git extension asks for, by means of plain copies. */
const fs = require('node:fs');
exports.constants = fs.constants;
exports.copyFile = fs.promises.copyFile;
exports.copyFileSync = fs.copyFileSync;
exports.cp = (from, to, options) => fs.promises.cp(from, to, { recursive: true, ...options });
exports.isCloneSupported = () => Promise.resolve(false);
