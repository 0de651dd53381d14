'use strict';
/**
 * The logger, in plain JavaScript. It has to write: VS Code shows an output channel by reading back the file
 * that its logger wrote. Exports are assigned one by one because VS Code imports them by name as ESM.
 */
const fs = require('node:fs');
const path = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];
const INFO = 2;
const FLUSH_DELAY_MS = 200;
const shared = { flushLevel: INFO };

class Logger {
  constructor(_type, name, file) {
    this.name = name;
    this.file = file;
    this.level = INFO;
    this.raw = false;
    this.buffer = '';
    this.timer = undefined;
  }

  getLevel() {
    return this.level;
  }

  setLevel(level) {
    this.level = level;
  }

  setPattern() {}

  clearFormatters() {
    this.raw = true;
  }

  write(level, message) {
    if (level < this.level) return;
    this.buffer += this.raw ? message : `${timestamp(new Date())} [${LEVELS[level]}] ${message}\n`;
    if (level >= shared.flushLevel || this.raw) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), FLUSH_DELAY_MS).unref();
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.buffer) return;
    const text = this.buffer;
    this.buffer = '';
    try {
      fs.mkdirSync(path.dirname(this.file), { recursive: true });
      fs.appendFileSync(this.file, text);
    } catch {
      // The folder is removed while the server shuts down; a last line may be lost.
    }
  }

  drop() {
    this.flush();
  }
}

for (const [level, name] of LEVELS.entries()) {
  Logger.prototype[name === 'warning' ? 'warn' : name] = function log(message) {
    this.write(level, message);
  };
}

function timestamp(date) {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString();
  return local.slice(0, -1).replace('T', ' ');
}

async function createLogger(name, file) {
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.closeSync(fs.openSync(file, 'a'));
  } catch {
    // As in flush().
  }
  return new Logger('', name, file);
}

exports.version = 1;
exports.Logger = Logger;
exports.LogLevel = { Trace: 0, Debug: 1, Info: 2, Warning: 3, Error: 4, Critical: 5, Off: 6 };
exports.setLevel = () => {};
exports.setFlushOn = (level) => {
  shared.flushLevel = level;
};
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
